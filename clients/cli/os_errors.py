"""What the system refuses, a file or the disk, in the words of a clerk."""

import errno
from typing import Any, Final

_SAID: Final = {
    errno.ENOENT: "找不到该文件或文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径有误：其中一段不是文件夹",
    errno.EACCES: "没有读写该文件的权限",
    errno.EPERM: "系统不允许此操作",
    errno.EEXIST: "该文件已存在",
    errno.ENOSPC: "磁盘空间不足，未能写入",
    errno.EDQUOT: "磁盘配额已用完，未能写入",
    errno.EROFS: "该磁盘只读，未能写入",
    errno.EFBIG: "文件过大，未能写入",
    errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "符号链接循环，无法打开",
    errno.EMFILE: "打开的文件过多，请稍后重试",
    errno.ENFILE: "打开的文件过多，请稍后重试",
    errno.ENOMEM: "内存不足",
    errno.ETXTBSY: "该文件正被使用",
    errno.EBUSY: "该文件正被使用",
    errno.EPIPE: "接收输出的程序已退出",
    errno.ENXIO: "该文件无法打开",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ETIMEDOUT: "连接超时",
}
_OTHER: Final = "系统操作失败"


def told_of(error: OSError) -> dict[str, Any]:
    """The error for people and scripts: which file, and what is wrong with it."""
    zh = _SAID.get(error.errno or 0, _OTHER)
    if not error.filename:
        return {"message": error.strerror or str(error), "zh": zh}
    return {"message": f"{error.filename}: {error.strerror}", "zh": f"{zh}：{error.filename}"}
