// Reads QR codes with jsqr.
//
// Reads [{width, height, grey}, …], grey being rows of bytes, deflated, in base64, and writes for
// each picture its text or null.
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import jsqr from "jsqr";

const read = jsqr.default ?? jsqr; // the package is CommonJS with a default of its own
const asked = JSON.parse(readFileSync(0, "utf8"));
const texts = asked.map(({ width, height, grey }) => {
  const bytes = inflateSync(Buffer.from(grey, "base64"));
  const rgba = new Uint8ClampedArray(4 * bytes.length);
  bytes.forEach((value, at) => rgba.set([value, value, value, 255], 4 * at));
  return read(rgba, width, height)?.data ?? null;
});
process.stdout.write(JSON.stringify(texts));
