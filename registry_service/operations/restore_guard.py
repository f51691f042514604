"""Refusing to serve on a database that was restored from a backup and not recovered."""

from registry_service.domain.host_errors import (
    DatabaseRestored,
    WaterlineMissing,
)
from registry_service.store.publication import StoredManifest
from registry_service.store.transaction import Transaction
from registry_service.waterline import Mark, Waterline


class RestoreGuard:
    """Compares the database with what was published from this host. One for a process."""

    def __init__(self, waterline: Waterline) -> None:
        """Read the file.

        Raises:
            WaterlineDamaged: it is there and can't be read.
        """
        self._waterline = waterline
        self._mark = waterline.read()

    @property
    def mark(self) -> Mark | None:
        """The newest publication that this host knows of."""
        return self._mark

    def require_current(self, tx: Transaction) -> None:
        """Stop if the database is older than what was published from here.

        Raises:
            DatabaseRestored: it is; numbers would be given twice, and checkers see a rollback.
            WaterlineMissing: nothing here tells whether it is.
        """
        stored = tx.publication.manifest()
        if self._mark is None:
            if stored is not None and stored.marked:
                raise _missing(self._waterline, stored)
            return
        if stored is None or stored.seq < self._mark.seq:
            raise _restored(self._waterline, self._mark, stored)

    def advance(self, mark: Mark) -> None:
        """Take note of a publication once it is committed."""
        if self._mark is None or mark.seq > self._mark.seq:
            self._waterline.advance(mark)
            self._mark = mark


def _restored(waterline: Waterline, mark: Mark, stored: StoredManifest | None) -> DatabaseRestored:
    seq = stored.seq if stored else 0
    return DatabaseRestored(
        f"the database is older than what was published from here: its manifest is number {seq},"
        f" number {mark.seq} was published at {mark.issued_at:%Y-%m-%dT%H:%M:%SZ}"
        f" ({waterline.file}). If it was restored from a backup, run `yizhao recover` with the"
        " newest bundle of any verifier; nothing is served before",
        zh=f"数据库比本机已发布的数据旧：库内清单为第 {seq} 号，本机已发布至第 {mark.seq} 号。"
        "如系从备份恢复，请先用核验节点保存的最新数据包运行 `yizhao recover`，恢复完成前不提供服务",
        seq=seq,
        published=mark.seq,
        file=waterline.file,
    )


def _missing(waterline: Waterline, stored: StoredManifest) -> WaterlineMissing:
    return WaterlineMissing(
        f"the database has published (manifest {stored.seq}), and {waterline.file}, which tells how"
        " far, is not here. If the database was restored from a backup, run `yizhao recover` with"
        " the newest bundle of any verifier; if nothing was restored, as on a second host, run"
        " `yizhao recover --nothing-lost`",
        zh=f"数据库已发布过数据（第 {stored.seq} 号清单），但本机缺少记录发布进度的文件。如系从备份"
        "恢复，请先运行 `yizhao recover`；如未恢复过数据库，请运行 `yizhao recover --nothing-lost`",
        seq=stored.seq,
        file=waterline.file,
    )
