/** Pictures of pages have few colours. Written with a palette they are half as large, which a repository keeps for ever. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const RGB = 2;
const INDEXED = 3;
const MOST_COLOURS = 256;

/** @param png as Chromium writes it: eight bits for each of red, green and blue, not interlaced */
export function smallPng(png) {
  const chunks = [...chunksOf(png)];
  const header = chunks.find(({ type }) => type === 'IHDR').data;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (header[8] !== 8 || header[9] !== RGB) return png;
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const pixels = unfiltered(inflateSync(data), width * 3, height);
  const { palette, indices } = indexed(pixels, width, height);
  const small = Buffer.from(header);
  small[9] = INDEXED;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', small),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(indices, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function* chunksOf(png) {
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** Undoes the filters of the PNG specification, section 9. */
function unfiltered(raw, stride, height) {
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < 3 ? 0 : out[at - 3];
      const up = y === 0 ? 0 : out[at - stride];
      const corner = x < 3 || y === 0 ? 0 : out[at - stride - 3];
      const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter];
      out[at] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return out;
}

function paeth(left, up, corner) {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The frequent colours as they are; the others, from the edges of letters, as the nearest of those. */
function indexed(pixels, width, height) {
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a)).slice(0, MOST_COLOURS);
  const places = new Map(colours.map((colour, place) => [colour, place]));
  const indices = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = pixels.readUIntBE((y * width + x) * 3, 3);
      if (!places.has(colour)) places.set(colour, nearest(colour, colours));
      indices[y * (width + 1) + 1 + x] = places.get(colour);
    }
  }
  const palette = Buffer.alloc(colours.length * 3);
  colours.forEach((colour, place) => palette.writeUIntBE(colour, place * 3, 3));
  return { palette, indices };
}

function nearest(colour, colours) {
  const parts = (value) => [value >> 16, (value >> 8) & 255, value & 255];
  const wanted = parts(colour);
  const distance = (other) => parts(other).reduce((sum, part, i) => sum + (part - wanted[i]) ** 2, 0);
  return colours.reduce((best, other, i) => (distance(other) < distance(colours[best]) ? i : best), 0);
}
