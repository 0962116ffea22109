"use strict";
/*
 * A drawing as MNIST would have it: the ink scaled to a box of 20 of 28 pixels, its centre of mass in the middle.
 * ink: numbers from 0 to 1, row by row; the result has height * width of them.
 */
const drawing = (() => {
  const FAINT = 0.2; // of the strongest ink; what is fainter does not count as extent
  const BOX = 20 / 28;

  function extent(ink, width, height) {
    const peak = ink.reduce((a, b) => Math.max(a, b), 0);
    const box = { top: height, left: width, bottom: -1, right: -1, peak };
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (ink[y * width + x] <= peak * FAINT) continue;
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y);
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
      }
    }
    return box;
  }

  /* The part [left, left + w) x [top, top + h) of the ink in columns x rows pixels: the mean of what each covers. */
  function resized(ink, width, [left, top, w, h], columns, rows) {
    const result = new Float32Array(columns * rows);
    for (let row = 0; row < rows; row++) {
      const [y0, y1] = [top + (row * h) / rows, top + ((row + 1) * h) / rows];
      for (let column = 0; column < columns; column++) {
        const [x0, x1] = [left + (column * w) / columns, left + ((column + 1) * w) / columns];
        let sum = 0;
        for (let y = Math.floor(y0); y < y1; y++) {
          const down = Math.min(y + 1, y1) - Math.max(y, y0);
          for (let x = Math.floor(x0); x < x1; x++) {
            sum += ink[y * width + x] * down * (Math.min(x + 1, x1) - Math.max(x, x0));
          }
        }
        result[row * columns + column] = sum / ((y1 - y0) * (x1 - x0));
      }
    }
    return result;
  }

  function centre(values, columns, alongRows) {
    let sum = 0;
    let weighted = 0;
    values.forEach((value, k) => {
      sum += value;
      weighted += value * (alongRows ? Math.floor(k / columns) : k % columns);
    });
    return weighted / sum;
  }

  function normalised(ink, inkWidth, inkHeight, width, height) {
    const result = new Float32Array(width * height);
    const box = extent(ink, inkWidth, inkHeight);
    if (!box.peak) return result;
    const [w, h] = [box.right - box.left + 1, box.bottom - box.top + 1];
    const scale = Math.round(BOX * Math.min(width, height)) / Math.max(w, h);
    const [columns, rows] = [Math.max(1, Math.round(w * scale)), Math.max(1, Math.round(h * scale))];
    const digit = resized(ink, inkWidth, [box.left, box.top, w, h], columns, rows);
    const start = (middle, side, length) => Math.min(Math.max(Math.round(side / 2 - middle), 0), side - length);
    const top = start(centre(digit, columns, true), height, rows);
    const left = start(centre(digit, columns, false), width, columns);
    digit.forEach((value, k) => {
      result[(top + Math.floor(k / columns)) * width + left + (k % columns)] = value;
    });
    return result;
  }

  return { normalised, resized };
})();

if (typeof module !== "undefined") module.exports = drawing;
