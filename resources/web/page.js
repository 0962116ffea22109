"use strict";
/* The page: sliders, map, drawing pad. The numbers come from network.js; everything is in #model. */
(() => {
  const find = (id) => document.getElementById(id);
  const model = JSON.parse(find("model").textContent);
  const weights = network.numbers(model.weights, model.half);
  const encoder = network.withWeights(model.encoder, weights);
  const decoder = network.withWeights(model.decoder, weights);
  const [channels, height, width] = model.image;
  const pixels = height * width;
  const decodes = decoder.length > 0;

  const classifier = network.withWeights(model.classifier, weights);

  /* What a conditional model is told: 1 for the class, 0 for the others. */
  let chosen = (model.told && model.told.images[0]) || 0;
  const told = (number) => model.told && Float32Array.from(model.told.names, (_, k) => (k === number ? 1 : 0));
  const encode = (image, number = chosen) => network.run(encoder, image, told(number));
  const decode = (code, number = chosen) => network.run(decoder, code, told(number));
  const guess = (image) => {
    const scores = network.run(classifier, image);
    return network.indexOfLargest(scores, 0, scores.length);
  };

  let code = Float32Array.from(model.start);
  let shownImage = 0; // of model.images, the one that "Next image" takes

  /* ---- pictures ---- */

  function paint(canvas, values) {
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    context.putImageData(asPixels(context, values), 0, 0);
  }

  function asPixels(context, values) {
    const data = context.createImageData(width, height);
    for (let k = 0; k < pixels; k++) {
      for (let channel = 0; channel < 3; channel++) {
        data.data[4 * k + channel] = Math.round(255 * values[(channels === 3 ? channel * pixels : 0) + k]);
      }
      data.data[4 * k + 3] = 255;
    }
    return data;
  }

  /* ---- data support: the distance to the nearest code of the data ---- */

  const references = model.support ? network.numbers(model.support.codes, false) : null;

  function support() {
    const { dimensions, scales, typical, unusual } = model.support;
    let nearest = Infinity;
    for (let start = 0; start < references.length; start += dimensions.length) {
      let sum = 0;
      dimensions.forEach((dimension, k) => (sum += (code[dimension] / scales[k] - references[start + k]) ** 2));
      nearest = Math.min(nearest, sum);
    }
    const distance = Math.sqrt(nearest);
    return distance <= typical ? 2 : distance <= unusual ? 1 : 0;
  }

  const supportTexts = [
    ["Far from the data.", "The model never saw codes like this one."],
    ["Unusual.", "Few codes of images are as far from the others."],
    ["Typical of the data.", "Codes of images are near."],
  ];

  function showSupport() {
    if (!model.support) return;
    const level = support();
    const element = find("support");
    if (element.dataset.level === String(level)) return; // a screen reader says it once
    element.dataset.level = level;
    const [head, rest] = supportTexts[level];
    element.replaceChildren(Object.assign(document.createElement("b"), { textContent: head }), ` ${rest}`);
  }

  /* ---- everything follows the code, once a frame ---- */

  let waiting = false;

  function changed() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      show();
    });
  }

  function show() {
    if (!decodes) return;
    paint(find("image"), decode(code));
    rows.forEach((row) => row.show());
    showSupport();
    drawMap();
    if (!document.documentElement.dataset.first) document.documentElement.dataset.first = performance.now().toFixed(0);
  }

  let movedAt = -1e9; // when the reader moved the code last

  function moved() {
    movedAt = performance.now();
    changed();
  }

  function setCode(values) {
    code = Float32Array.from(values);
    moved();
  }

  /* ---- sliders ---- */

  const rows = model.sliders.map((slider) => {
    const row = document.createElement("div");
    row.className = "row";
    const label = document.createElement("label");
    label.htmlFor = `z${slider.number}`;
    label.textContent = `z${slider.number + 1} `;
    if (slider.name) label.append(Object.assign(document.createElement("span"), { textContent: slider.name }));
    label.title = label.textContent;
    const input = Object.assign(document.createElement("input"), {
      type: "range", id: label.htmlFor, min: slider.low, max: slider.high, step: model.choices ? 1 : "any",
    });
    const output = document.createElement("output");
    output.htmlFor = input.id;
    input.addEventListener("input", () => {
      code[slider.number] = Number(input.value);
      moved();
    });
    input.addEventListener("keydown", (event) => {
      // Arrow keys of a slider without steps move it by a hundredth of its length in every browser.
      const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      if (!steps) return;
      const step = model.choices ? Math.sign(steps) : (steps * (slider.high - slider.low)) / 100;
      code[slider.number] = Math.min(slider.high, Math.max(slider.low, code[slider.number] + step));
      event.preventDefault();
      moved();
    });
    row.append(label, input, output);
    find("rows").append(row);
    return {
      show() {
        input.value = code[slider.number];
        const text = code[slider.number].toFixed(model.choices ? 0 : 2);
        if (output.textContent !== text) output.textContent = text;
        input.setAttribute("aria-valuetext", text);
      },
    };
  });

  /* ---- the class that the model is told ---- */

  function choose(number) {
    if (number === chosen) return;
    chosen = number;
    find("class").value = number;
    decodeAgain();
    moved();
  }

  function listenToClass() {
    model.told.names.forEach((name, number) => find("class").append(new Option(name, number)));
    find("class").value = chosen;
    find("class").addEventListener("input", (event) => choose(Number(event.target.value)));
    find("drawn").textContent = classifier.length
      ? "The model guesses the class of what you draw and encodes it; the sliders follow."
      : "What you draw is encoded as an image of the chosen class, and the sliders follow.";
  }

  /* ---- the map: a plane through the codes ---- */

  const plane = find("plane");
  const points = model.map && model.map.points ? network.numbers(model.map.points, false) : new Float32Array(0);
  const labels = model.map && model.map.labels ? network.bytes(model.map.labels) : null;
  let background = null; // the points, painted once for each size and theme

  function place() {
    const { origin, axes } = model.map;
    return axes.map((axis) => axis.reduce((sum, number, k) => sum + number * (code[k] - origin[k]), 0));
  }

  function moveTo(x, y) {
    const [nowX, nowY] = place();
    const [first, second] = model.map.axes;
    setCode(code.map((number, k) => number + (x - nowX) * first[k] + (y - nowY) * second[k]));
  }

  const toScreen = (value, [low, high], length) => ((value - low) / (high - low)) * length;

  function paintBackground(side) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const light = document.documentElement.dataset.theme === "light";
    context.strokeStyle = style.getPropertyValue("--line");
    const [zeroX, zeroY] = [toScreen(0, model.map.x, side), side - toScreen(0, model.map.y, side)];
    context.beginPath();
    context.moveTo(zeroX, 0);
    context.lineTo(zeroX, side);
    context.moveTo(0, zeroY);
    context.lineTo(side, zeroY);
    context.stroke();
    const colours = light ? model.colours.light : model.colours.dark;
    paintDecoded(context, side);
    const sums = model.classes.map(() => [0, 0, 0]);
    const radius = side / 170;
    for (let k = 0; k < points.length / 2; k++) {
      const x = toScreen(points[2 * k], model.map.x, side);
      const y = side - toScreen(points[2 * k + 1], model.map.y, side);
      context.fillStyle = labels ? colours[labels[k] % colours.length] : style.getPropertyValue("--muted");
      context.beginPath();
      context.arc(x, y, radius, 0, 7);
      context.fill();
      if (labels && sums[labels[k]]) {
        const sum = sums[labels[k]];
        sum[0] += x;
        sum[1] += y;
        sum[2] += 1;
      }
    }
    writeClasses(context, sums, side, style);
    return canvas;
  }

  /*
   * Where the plane is the whole code, every place is an image: a grid of them. They are decoded a few at a time,
   * so that no frame waits for them, and not while the reader moves the code.
   */
  const GRID = 18;
  const AT_A_TIME = 5; // milliseconds
  const AFTER_MOVE = 300; // milliseconds
  let decoded = [[]];

  /* Of another class they are other images. */
  function decodeAgain() {
    if (!model.map || !model.map.whole) return;
    const complete = decoded.length === GRID && decoded[GRID - 1].length === GRID;
    decoded = [[]];
    background = null;
    if (complete) setTimeout(decodeNext, 10);
  }

  function decodeNext() {
    const begin = performance.now();
    if (begin - movedAt < AFTER_MOVE) {
      setTimeout(decodeNext, AFTER_MOVE / 2);
      return;
    }
    const across = ([low, high], share) => low + share * (high - low);
    const row = decoded[decoded.length - 1];
    while (row.length < GRID && performance.now() - begin < AT_A_TIME) {
      const x = across(model.map.x, (row.length + 0.5) / GRID);
      const y = across(model.map.y, (decoded.length - 0.5) / GRID);
      row.push(document.createElement("canvas"));
      paint(row[row.length - 1], decode(Float32Array.of(x, y)));
    }
    if (row.length === GRID) {
      background = null;
      changed();
      if (decoded.length === GRID) return;
      decoded.push([]);
    }
    setTimeout(decodeNext, 10);
  }

  function paintDecoded(context, side) {
    const cell = side / GRID;
    const light = document.documentElement.dataset.theme === "light";
    context.globalAlpha = light ? 0.3 : 0.45;
    context.filter = light ? "invert(1)" : "none"; // ink on paper
    decoded.forEach((images, row) => {
      images.forEach((image, column) => context.drawImage(image, column * cell, side - (row + 1) * cell, cell, cell));
    });
    context.globalAlpha = 1;
    context.filter = "none";
  }

  /* The name of each class at the middle of its points: colour never speaks alone. */
  function writeClasses(context, sums, side, style) {
    context.font = `600 ${side / 28}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = side / 120;
    context.lineJoin = "round";
    context.strokeStyle = style.getPropertyValue("--window");
    context.fillStyle = style.getPropertyValue("--text");
    sums.forEach(([x, y, count], number) => {
      if (!count) return;
      context.strokeText(model.classes[number], x / count, y / count);
      context.fillText(model.classes[number], x / count, y / count);
    });
  }

  function drawMap() {
    if (!model.map) return;
    const side = Math.max(1, Math.round(plane.clientWidth * devicePixelRatio));
    if (plane.width !== side || plane.height !== side) {
      plane.width = plane.height = side;
      background = null;
    }
    background = background || paintBackground(side);
    const context = plane.getContext("2d");
    context.clearRect(0, 0, side, side);
    context.drawImage(background, 0, 0);
    const [x, y] = place();
    const style = getComputedStyle(document.documentElement);
    context.lineWidth = 2 * devicePixelRatio;
    for (const [colour, radius] of [["--window", 10], ["--accent", 8]]) {
      context.strokeStyle = style.getPropertyValue(colour);
      context.beginPath();
      const inside = (value) => Math.min(side - 4, Math.max(4, value));
      context.arc(inside(toScreen(x, model.map.x, side)), inside(side - toScreen(y, model.map.y, side)), radius * devicePixelRatio, 0, 7);
      context.stroke();
    }
  }

  function followPointer(event) {
    const box = plane.getBoundingClientRect();
    const across = ([low, high], share) => low + share * (high - low);
    const x = across(model.map.x, (event.clientX - box.left) / box.width);
    moveTo(x, across(model.map.y, 1 - (event.clientY - box.top) / box.height));
  }

  function listenToMap() {
    plane.addEventListener("pointerdown", (event) => {
      plane.setPointerCapture(event.pointerId);
      followPointer(event);
    });
    plane.addEventListener("pointermove", (event) => event.buttons && followPointer(event));
    plane.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!move) return;
      event.preventDefault();
      const [x, y] = place();
      const step = ([low, high]) => (high - low) / 50;
      moveTo(x + move[0] * step(model.map.x), y + move[1] * step(model.map.y));
    });
    find("axes").textContent = model.map.text;
    new ResizeObserver(changed).observe(plane);
    if (model.map.whole) setTimeout(decodeNext, 100);
  }

  /* ---- drawing ---- */

  const pad = find("pad");
  const SIDE = 224; // pixels of the pad
  pad.width = pad.height = SIDE;
  const pen = pad.getContext("2d", { willReadFrequently: true });

  function clearPad() {
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, SIDE, SIDE);
  }

  function ink() {
    const { data } = pen.getImageData(0, 0, SIDE, SIDE);
    return Float32Array.from({ length: SIDE * SIDE }, (_, k) => data[4 * k] / 255);
  }

  function drawnImage() {
    const grey = channels === 1;
    const plain = grey
      ? drawing.normalised(ink(), SIDE, SIDE, width, height)
      : drawing.resized(ink(), SIDE, [0, 0, SIDE, SIDE], width, height);
    const image = new Float32Array(channels * pixels);
    for (let channel = 0; channel < channels; channel++) image.set(plain, channel * pixels);
    return image;
  }

  /* number: its class, if it is known; otherwise a model that can guess it does */
  function takeImage(image, number) {
    if (!decodes) {
      showClasses(image);
      return;
    }
    if (number !== undefined) choose(number);
    else if (classifier.length) choose(guess(image));
    setCode(encode(image));
  }

  function listenToPad() {
    clearPad();
    let last = null;
    const at = (event) => {
      const box = pad.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
    };
    const draw = (event) => {
      const [x, y] = at(event);
      pen.strokeStyle = "#fff";
      pen.lineWidth = SIDE / 11;
      pen.lineCap = pen.lineJoin = "round";
      pen.beginPath();
      pen.moveTo(...(last || [x, y]));
      pen.lineTo(x, y);
      pen.stroke();
      last = [x, y];
      takeImage(drawnImage());
    };
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      last = null;
      draw(event);
    });
    pad.addEventListener("pointermove", (event) => event.buttons && draw(event));
    find("clear").addEventListener("click", clearPad);
  }

  /* ---- a classifier has bars in place of sliders ---- */

  function showClasses(image) {
    paint(find("image"), image);
    const chances = network.softmax(encode(image));
    const bars = Array.from(chances, (chance, number) => {
      const row = document.createElement("div");
      row.className = "row";
      const label = Object.assign(document.createElement("span"), { textContent: model.classes[number] || `class ${number}` });
      const bar = Object.assign(document.createElement("div"), { className: "bar" });
      bar.append(Object.assign(document.createElement("i"), { style: `width: ${100 * chance}%` }));
      row.append(label, bar, Object.assign(document.createElement("output"), { textContent: `${Math.round(100 * chance)} %` }));
      return row;
    });
    find("rows").replaceChildren(...bars);
    const best = chances.indexOf(Math.max(...chances));
    find("support").textContent = `Most probable: ${model.classes[best] || `class ${best}`}`;
    document.documentElement.dataset.first = document.documentElement.dataset.first || performance.now().toFixed(0);
  }

  /* ---- codes to begin with ---- */

  const images = model.images ? network.bytes(model.images) : null;
  const imageCount = images ? images.length / (channels * pixels) : 0;

  function imageAt(number) {
    const start = number * channels * pixels;
    return Float32Array.from(images.subarray(start, start + channels * pixels), (value) => value / 255);
  }

  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

  function randomCode() {
    const { kind, mean, factor } = model.random;
    if (kind === "categories") return code.map(() => Math.floor(Math.random() * model.choices));
    const draws = Array.from(code, normal);
    if (kind === "normal") return draws;
    return mean.map((number, k) => number + factor[k].reduce((sum, f, j) => sum + f * draws[j], 0));
  }

  /* ---- theme ---- */

  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    find("theme").textContent = theme === "dark" ? "Light" : "Dark";
    background = null;
    changed();
  }

  const wished = new URLSearchParams(location.hash.slice(1)).get("theme");
  setTheme(wished || (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark"));
  find("theme").addEventListener("click", () => {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  });

  /* Whole screen pixels for each pixel of the image: it is not smoothed. */
  function fitImage() {
    const canvas = find("image");
    canvas.style.width = "";
    const room = canvas.clientWidth;
    canvas.style.width = `${Math.max(1, Math.floor(room / width)) * width}px`;
  }

  find("image").style.aspectRatio = `${width} / ${height}`;
  addEventListener("resize", fitImage);
  find("map").hidden = !model.map;
  document.querySelector("main").classList.toggle("without-map", !model.map);
  find("drawing").hidden = !encoder.length;
  find("digit").hidden = !imageCount;
  find("random").hidden = !model.random;
  find("middle").hidden = !decodes || model.choices > 0;
  find("hidden").textContent = model.hidden;
  find("support").hidden = !model.support && decodes;
  if (model.map) listenToMap();
  if (encoder.length) listenToPad();
  find("random").addEventListener("click", () => setCode(randomCode()));
  find("middle").addEventListener("click", () => setCode(model.middle));
  find("digit").addEventListener("click", () => {
    shownImage = (shownImage + 1) % imageCount;
    takeImage(imageAt(shownImage), model.told ? model.told.images[shownImage] : undefined);
  });
  find("told").hidden = !model.told;
  if (model.told) listenToClass();
  if (!decodes) {
    find("picture-title").textContent = "Image";
    document.querySelector("#sliders h2").textContent = "Class";
    find("drawn").textContent = "What you draw is classified at once.";
    takeImage(imageAt(0));
  }
  fitImage();
  show();
  const classify = (image) => network.softmax(encode(image));
  window.capsule = { encode, decode, classify, guess, drawn: drawnImage, code: () => Array.from(code), told: () => chosen };
})();
