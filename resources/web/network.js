"use strict";
/*
 * A trained network, evaluated for one image at a time. No library and no network access.
 *
 * A step is { kind, inputs, shape, settings, arrays, parts }: shapes without a batch axis, weights as
 * Float32Array in torch's order, parts as lists of steps. `network.run(steps, values, told)` gives the result of
 * a list of steps; told: what a conditional model is told, 1 for the class and 0 for the others. Sums are accumulated in double precision and stored in single precision.
 */
const network = (() => {
  const size = (shape) => shape.reduce((product, side) => product * side, 1);

  /* erf of Abramowitz and Stegun, 7.1.26; the error is below 2e-7. */
  function erf(x) {
    const t = 1 / (1 + 0.3275911 * Math.abs(x));
    const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
    return Math.sign(x) * (1 - series * Math.exp(-x * x));
  }

  const FLOW_SHIFT = Math.log(Math.E - 1);
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const functions = {
    relu: (x) => (x > 0 ? x : 0),
    leaky_relu: (x) => (x > 0 ? x : 0.2 * x),
    silu: (x) => x * sigmoid(x),
    gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
    elu: (x) => (x > 0 ? x : Math.expm1(x)),
    tanh: Math.tanh,
    sigmoid,
  };

  /* weight (units, inputs) times each row of values, plus bias (units). */
  function product(values, weight, bias, inputs, units) {
    const rows = values.length / inputs;
    const result = new Float32Array(rows * units);
    for (let row = 0; row < rows; row++) {
      for (let unit = 0; unit < units; unit++) {
        let sum = bias ? bias[unit] : 0;
        const from = row * inputs;
        const at = unit * inputs;
        for (let k = 0; k < inputs; k++) sum += values[from + k] * weight[at + k];
        result[row * units + unit] = sum;
      }
    }
    return result;
  }

  function linear(step, values) {
    const inputs = step.inputs[step.inputs.length - 1];
    return product(values, step.arrays.weight, step.arrays.bias, inputs, step.shape[step.shape.length - 1]);
  }

  /* weight (channels, C, kernel, kernel) over maps (C, H, W). */
  function convolution(step, values) {
    const [depth, height, width] = step.inputs;
    const [channels, rows, columns] = step.shape;
    const { kernel, stride, padding } = step.settings;
    const { weight, bias } = step.arrays;
    const result = new Float32Array(channels * rows * columns);
    for (let channel = 0; channel < channels; channel++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const top = row * stride - padding;
          const left = column * stride - padding;
          let sum = bias[channel];
          for (let d = 0; d < depth; d++) {
            for (let y = Math.max(0, -top); y < kernel && top + y < height; y++) {
              const from = (d * height + top + y) * width + left;
              const at = ((channel * depth + d) * kernel + y) * kernel;
              for (let x = Math.max(0, -left); x < kernel && left + x < width; x++) {
                sum += values[from + x] * weight[at + x];
              }
            }
          }
          result[(channel * rows + row) * columns + column] = sum;
        }
      }
    }
    return result;
  }

  /* weight (C, channels, kernel, kernel): each number of the maps (C, H, W) adds a patch to the result. */
  function transposedConvolution(step, values) {
    const [depth, height, width] = step.inputs;
    const [channels, rows, columns] = step.shape;
    const { kernel, stride, padding } = step.settings;
    const { weight, bias } = step.arrays;
    const sums = new Float64Array(channels * rows * columns);
    for (let channel = 0; channel < channels; channel++) {
      const plane = channel * rows * columns;
      sums.fill(bias[channel], plane, plane + rows * columns);
      for (let d = 0; d < depth; d++) {
        const at = (d * channels + channel) * kernel * kernel;
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) {
            const value = values[(d * height + row) * width + column];
            if (value === 0) continue;
            const top = row * stride - padding;
            const left = column * stride - padding;
            for (let y = Math.max(0, -top); y < kernel && top + y < rows; y++) {
              const to = plane + (top + y) * columns + left;
              for (let x = Math.max(0, -left); x < kernel && left + x < columns; x++) {
                sums[to + x] += value * weight[at + y * kernel + x];
              }
            }
          }
        }
      }
    }
    return Float32Array.from(sums);
  }

  function activation(step, values) {
    if (step.settings.function === "prelu") {
      const each = values.length / step.arrays.weight.length;
      return values.map((x, k) => (x > 0 ? x : step.arrays.weight[Math.floor(k / each)] * x));
    }
    return values.map(functions[step.settings.function]);
  }

  /* Running statistics, for each channel. */
  function batchNormalisation(step, values) {
    const { weight, bias, running_mean: mean, running_var: variance } = step.arrays;
    const each = values.length / weight.length;
    return values.map((x, k) => {
      const c = Math.floor(k / each);
      return ((x - mean[c]) / Math.sqrt(variance[c] + step.settings.epsilon)) * weight[c] + bias[c];
    });
  }

  /* Each group of `count` neighbours to mean 0 and variance 1; weights(k) gives factor and shift. */
  function normalised(values, count, epsilon, weights) {
    const result = new Float32Array(values.length);
    for (let start = 0; start < values.length; start += count) {
      let mean = 0;
      let variance = 0;
      for (let k = 0; k < count; k++) mean += values[start + k] / count;
      for (let k = 0; k < count; k++) variance += (values[start + k] - mean) ** 2 / count;
      const scale = 1 / Math.sqrt(variance + epsilon);
      for (let k = 0; k < count; k++) {
        const [factor, shift] = weights(start + k);
        result[start + k] = (values[start + k] - mean) * scale * factor + shift;
      }
    }
    return result;
  }

  function layerNormalisation(step, values) {
    const { weight, bias } = step.arrays;
    const count = weight.length;
    return normalised(values, count, step.settings.epsilon, (k) => [weight[k % count], bias[k % count]]);
  }

  function groupNormalisation(step, values) {
    const { weight, bias } = step.arrays;
    const each = values.length / weight.length;
    const channel = (k) => Math.floor(k / each);
    const count = values.length / step.settings.groups;
    return normalised(values, count, step.settings.epsilon, (k) => [weight[channel(k)], bias[channel(k)]]);
  }

  /* GRU (gates reset, update, new) and LSTM (input, forget, cell, output), in torch's order. */
  function recurrent(step, values) {
    const [length, inputs] = step.inputs;
    const units = step.shape[step.shape.length - 1];
    const { weight_ih_l0: wi, weight_hh_l0: wh, bias_ih_l0: bi, bias_hh_l0: bh } = step.arrays;
    const gates = wi.length / inputs;
    let hidden = new Float32Array(units);
    const memory = new Float32Array(units);
    const states = new Float32Array(length * units);
    for (let row = 0; row < length; row++) {
      const given = product(values.subarray(row * inputs, (row + 1) * inputs), wi, bi, inputs, gates);
      const before = product(hidden, wh, bh, units, gates);
      const next = new Float32Array(units);
      for (let k = 0; k < units; k++) {
        const gate = (number) => given[number * units + k] + before[number * units + k];
        if (step.settings.cell === "gru") {
          const update = sigmoid(gate(1));
          const fresh = Math.tanh(given[2 * units + k] + sigmoid(gate(0)) * before[2 * units + k]);
          next[k] = (1 - update) * fresh + update * hidden[k];
        } else {
          memory[k] = sigmoid(gate(1)) * memory[k] + sigmoid(gate(0)) * Math.tanh(gate(2));
          next[k] = sigmoid(gate(3)) * Math.tanh(memory[k]);
        }
      }
      hidden = next;
      states.set(hidden, row * units);
    }
    return step.settings.last ? hidden : states;
  }

  /* Multi-head self-attention over a sequence (T, F). */
  function attention(step, values) {
    const [length, width] = step.inputs;
    const { heads } = step.settings;
    const own = width / heads;
    const projected = product(values, step.arrays.in_proj_weight, step.arrays.in_proj_bias, width, 3 * width);
    const mixed = new Float32Array(length * width);
    for (let head = 0; head < heads; head++) {
      for (let row = 0; row < length; row++) {
        const query = row * 3 * width + head * own;
        const scores = new Float64Array(length);
        for (let other = 0; other < length; other++) {
          const key = other * 3 * width + width + head * own;
          for (let k = 0; k < own; k++) scores[other] += projected[query + k] * projected[key + k];
          scores[other] /= Math.sqrt(own);
        }
        const shares = softmax(scores);
        for (let other = 0; other < length; other++) {
          const value = other * 3 * width + 2 * width + head * own;
          for (let k = 0; k < own; k++) mixed[row * width + head * own + k] += shares[other] * projected[value + k];
        }
      }
    }
    return product(mixed, step.arrays["out_proj.weight"], step.arrays["out_proj.bias"], width, width);
  }

  function softmax(scores) {
    const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const exponents = Float64Array.from(scores, (score) => Math.exp(score - most));
    const sum = exponents.reduce((a, b) => a + b, 0);
    return exponents.map((exponent) => exponent / sum);
  }

  const added = (one, other) => one.map((x, k) => x + other[k]);
  const residual = (step, values, told) =>
    added(run(step.parts.inner, values, told), run(step.parts.projection, values, told));

  /* The middle of maps; one row or column more is left out at the end. */
  function crop(step, values) {
    const [, height, width] = step.inputs;
    const [channels, rows, columns] = step.shape;
    const top = Math.floor((height - rows) / 2);
    const left = Math.floor((width - columns) / 2);
    const result = new Float32Array(channels * rows * columns);
    for (let k = 0; k < result.length; k++) {
      const column = k % columns;
      const row = Math.floor(k / columns) % rows;
      const channel = Math.floor(k / (rows * columns));
      result[k] = values[(channel * height + top + row) * width + left + column];
    }
    return result;
  }

  /* Axes 0 and 1 of (a, b, c) exchanged. */
  function exchanged(values, a, b, c) {
    const result = new Float32Array(values.length);
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) {
        for (let k = 0; k < c; k++) result[(j * a + i) * c + k] = values[(i * b + j) * c + k];
      }
    }
    return result;
  }

  function repeat(step, values) {
    const result = new Float32Array(size(step.shape));
    for (let row = 0; row < step.shape[0]; row++) result.set(values, row * values.length);
    return result;
  }

  /* The patches of an image (C, H, W), row by row: (T, C * side^2); what lies beyond its edge is 0. */
  function eachOfPatches(step, [channels, height, width], visit) {
    const { side } = step.settings;
    const columns = Math.ceil(width / side);
    const rows = Math.ceil(height / side);
    let place = 0;
    for (let patch = 0; patch < rows * columns; patch++) {
      const [top, left] = [Math.floor(patch / columns) * side, (patch % columns) * side];
      for (let channel = 0; channel < channels; channel++) {
        for (let y = top; y < top + side; y++) {
          for (let x = left; x < left + side; x++, place++) {
            if (y < height && x < width) visit(place, (channel * height + y) * width + x);
          }
        }
      }
    }
  }

  function imageToPatches(step, values) {
    const result = new Float32Array(size(step.shape));
    eachOfPatches(step, step.inputs, (place, pixel) => (result[place] = values[pixel]));
    return result;
  }

  function patchesToImage(step, values) {
    const result = new Float32Array(size(step.shape));
    eachOfPatches(step, step.shape, (place, pixel) => (result[pixel] = values[place]));
    return result;
  }

  /* ---- codes ---- */

  /* The largest numbers, the others 0. */
  function largest(step, values) {
    const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
    const kept = new Set(order.slice(0, step.settings.count));
    return values.map((x, k) => (kept.has(k) ? x : 0));
  }

  function indexOfLargest(values, start, count) {
    let best = 0;
    for (let k = 1; k < count; k++) if (values[start + k] > values[start + best]) best = k;
    return best;
  }

  /* Two levels: the upper one, and how far the lower one is from what the upper one expects, in its deviations. */
  function ladder(step, values) {
    const { top, bottom } = step.settings;
    const result = new Float32Array(top + bottom);
    result.set(run(step.parts.upward, values).subarray(0, top));
    const expected = run(step.parts.downward, result.subarray(0, top));
    const seen = run(step.parts.head, values);
    for (let k = 0; k < bottom; k++) {
      const share = sigmoid(expected[bottom + k] - seen[bottom + k]); // of the image, beside the upper level
      result[top + k] = share * (seen[k] - expected[k]) * Math.exp(-0.5 * expected[bottom + k]);
    }
    return result;
  }

  function ladderEntry(step, values) {
    const { top, bottom } = step.settings;
    const expected = run(step.parts.downward, values.subarray(0, top));
    return Float32Array.from({ length: bottom }, (_, k) => {
      return expected[k] + Math.exp(0.5 * expected[bottom + k]) * values[top + k];
    });
  }

  /* Where planar flows z + u tanh(w . z + b) bring the mean; u is changed so that each can be inverted. */
  function flows(step, values) {
    const length = step.shape[0];
    const code = run(step.parts.head, values).slice(0, length);
    const numbers = run(step.parts.flow, values);
    const dot = (a, b) => a.reduce((total, x, k) => total + x * b[k], 0);
    for (let flow = 0; flow < step.settings.count; flow++) {
      const at = flow * (2 * length + 1);
      const [u, w] = [0, length].map((start) => numbers.subarray(at + start, at + start + length));
      const along = dot(w, u);
      const shifted = along + FLOW_SHIFT;
      const wanted = Math.log1p(Math.exp(-Math.abs(shifted))) + Math.max(0, shifted) - 1;
      const more = (wanted - along) / Math.max(dot(w, w), 1e-12);
      const height = Math.tanh(dot(w, code) + numbers[at + 2 * length]);
      for (let k = 0; k < length; k++) code[k] += (u[k] + more * w[k]) * height;
    }
    return code;
  }

  function categories(step, values) {
    const { choices } = step.settings;
    return Float32Array.from({ length: step.shape[0] }, (_, k) => indexOfLargest(values, k * choices, choices));
  }

  function oneHot(step, values) {
    const result = new Float32Array(step.shape[0]);
    values.forEach((category, k) => (result[k * step.settings.choices + category] = 1));
    return result;
  }

  /* The first number u as one of K categories, floor(K Phi(u)), and the others behind it. */
  function drawnCategory(step, values) {
    const { choices } = step.settings;
    const result = new Float32Array(step.shape[0]);
    const share = 0.5 * (1 + erf(values[0] * Math.SQRT1_2));
    result[Math.min(choices - 1, Math.max(0, Math.floor(share * choices)))] = 1;
    result.set(values.subarray(1), choices);
    return result;
  }

  /* The nearest entry (K, D) of each place of maps (D, h, w). */
  function nearest(step, values) {
    const depth = step.inputs[0];
    const places = step.shape[0];
    const { entries } = step.arrays;
    const count = entries.length / depth;
    return Float32Array.from({ length: places }, (_, place) => {
      const scores = new Float64Array(count);
      for (let entry = 0; entry < count; entry++) {
        for (let d = 0; d < depth; d++) {
          const number = entries[entry * depth + d];
          scores[entry] -= number * number - 2 * number * values[d * places + place];
        }
      }
      return indexOfLargest(scores, 0, count);
    });
  }

  function entries(step, values) {
    const depth = step.shape[0];
    const result = new Float32Array(depth * values.length);
    values.forEach((entry, place) => {
      for (let d = 0; d < depth; d++) result[d * values.length + place] = step.arrays.entries[entry * depth + d];
    });
    return result;
  }

  const kinds = {
    linear,
    convolution,
    transposed_convolution: transposedConvolution,
    activation,
    batch_normalisation: batchNormalisation,
    layer_normalisation: layerNormalisation,
    group_normalisation: groupNormalisation,
    recurrent,
    attention,
    residual,
    crop,
    repeat,
    image_to_patches: imageToPatches,
    patches_to_image: patchesToImage,
    positions: (step, values) => values.map((x, k) => x + step.arrays["table.weight"][k]),
    flatten: (_, values) => values,
    reshape: (_, values) => values,
    image_to_rows: (step, values) => exchanged(values, ...step.inputs),
    rows_to_image: (step, values) => exchanged(values, step.shape[1], step.shape[0], step.shape[2]),
    told_shift: (step, values, told) => added(values, run(step.parts.shift, told)),
    told_beside: (_, values, told) => Float32Array.of(...values, ...told),
    gaussian: (step, values) => values.slice(0, step.shape[0]),
    largest,
    at_least: (step, values) => values.map((x, k) => (x >= step.arrays.thresholds[k] ? x : 0)),
    ladder,
    ladder_entry: ladderEntry,
    flows,
    categories,
    one_hot: oneHot,
    drawn_category: drawnCategory,
    nearest,
    entries,
    clip: (_, values) => values.map((x) => Math.min(1, Math.max(0, x))),
  };

  function run(steps, values, told) {
    return steps.reduce((result, step) => kinds[step.kind](step, result, told), values);
  }

  /* ---- weights ---- */

  function bytes(text) {
    const letters = atob(text);
    const result = new Uint8Array(letters.length);
    for (let k = 0; k < result.length; k++) result[k] = letters.charCodeAt(k);
    return result;
  }

  /* Numbers of half precision (IEEE 754 binary16), little endian. */
  const powers = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (exponent - 25));

  function halves(data) {
    const view = new DataView(data.buffer);
    const result = new Float32Array(data.length / 2);
    for (let k = 0; k < result.length; k++) {
      const bits = view.getUint16(2 * k, true);
      const exponent = (bits >> 10) & 31;
      const fraction = bits & 1023;
      const size = exponent ? (1024 + fraction) * powers[exponent] : fraction * powers[1];
      result[k] = bits & 0x8000 ? -size : size;
    }
    return result;
  }

  const singles = (data) => new Float32Array(data.buffer);
  const numbers = (text, half) => (half ? halves(bytes(text)) : singles(bytes(text)));

  /* Replaces [start, length] of each array of the steps by its part of all weights. */
  function withWeights(steps, weights) {
    return steps.map((step) => ({
      ...step,
      arrays: mapped(step.arrays, ([start, length]) => weights.subarray(start, start + length)),
      parts: mapped(step.parts, (part) => withWeights(part, weights)),
    }));
  }

  function mapped(table, change) {
    return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
  }

  return { run, softmax, indexOfLargest, bytes, numbers, withWeights };
})();

if (typeof module !== "undefined") module.exports = network;
