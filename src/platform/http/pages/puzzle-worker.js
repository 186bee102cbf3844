// Finds the numbers of a puzzle: for each part one whose hash begins with so many zero bits. In a thread of its own, so that the page stays usable.
"use strict";
const K = new Uint32Array(64);
const H = new Uint32Array(8);
// The constants of SHA-256 (FIPS 180-4): fractional parts of roots of the first primes.
(() => {
  const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) >>> 0;
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) H[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
})();
const W = new Uint32Array(64);
const S = new Uint32Array(8);

// One block in W[0..16] on top of the state in S.
const compress = () => {
  for (let t = 16; t < 64; t++) {
    const x = W[t - 15], y = W[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = (W[t - 16] + s0 + W[t - 7] + s1) | 0;
  }
  let a = S[0], b = S[1], c = S[2], d = S[3], e = S[4], f = S[5], g = S[6], h = S[7];
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  S[0] += a; S[1] += b; S[2] += c; S[3] += d; S[4] += e; S[5] += f; S[6] += g; S[7] += h;
};

const hashText = (text) => {
  const length = text.length, total = ((length + 8) >> 6) + 1;
  const bytes = new Uint8Array(total * 64);
  for (let i = 0; i < length; i++) bytes[i] = text.charCodeAt(i);
  bytes[length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(total * 64 - 4, length * 8);
  S.set(H);
  for (let block = 0; block < total; block++) {
    for (let t = 0; t < 16; t++) W[t] = view.getUint32(block * 64 + t * 4);
    compress();
  }
  return Uint32Array.from(S);
};

onmessage = ({ data: { text, parts } }) => {
  const bits = Number(text.split(".")[1]);
  const seed = hashText(text);
  const numbers = [];
  const mask = bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
  for (let part = 0; part < parts; part++) {
    for (let number = 0; ; number++) {
      // 32 bytes of seed, one of the part, eight of the number, the end mark, and the length: one block.
      for (let t = 0; t < 8; t++) W[t] = seed[t];
      const high = Math.floor(number / 0x100000000), low = number >>> 0;
      W[8] = (part << 24) | (high >>> 8);
      W[9] = ((high & 0xff) << 24) | (low >>> 8);
      W[10] = ((low & 0xff) << 24) | 0x800000;
      W[11] = W[12] = W[13] = W[14] = 0;
      W[15] = 41 * 8;
      S.set(H);
      compress();
      if ((S[0] & mask) === 0) { numbers.push(number); break; }
    }
    postMessage({ done: part + 1 });
  }
  postMessage({ answer: numbers.join(",") });
};
