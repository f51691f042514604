// Verifies COSE_Sign1 documents with @auth0/cose.
//
// Reads [{document, x, y}, …], all base64url, and writes for each {payload} if the key signed
// it, else {refused}.
import { readFileSync } from "node:fs";
import { Sign1, COSEKey } from "@auth0/cose";

const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = [];
for (const { document, x, y } of asked) {
  try {
    const key = await COSEKey.fromJWK({ kty: "EC", crv: "P-256", x, y }).toKeyLike();
    const sign1 = Sign1.decode(Buffer.from(document, "base64url"));
    await sign1.verify(key, { algorithms: [-7] });
    answers.push({ payload: Buffer.from(sign1.payload).toString("base64url") });
  } catch (error) {
    answers.push({ refused: String(error) });
  }
}
process.stdout.write(JSON.stringify(answers));
