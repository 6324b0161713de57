// The contrast of all that can be seen in a page (WCAG 2.2, 1.4.3 and 1.4.11).

/** Runs in the page, so that it holds all it needs. Texts want 4.5, large ones and signs 3. */
export function measure() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  function channels(color) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { red, green, blue, alpha: alpha / 255 };
  }

  function over(front, back) {
    const mix = (name) => front[name] * front.alpha + back[name] * (1 - front.alpha);
    return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
  }

  function background(element) {
    const layers = [];
    for (let one = element; one !== null; one = one.parentElement) layers.push(channels(getComputedStyle(one).backgroundColor));
    return layers.reduceRight((back, front) => over(front, back), { red: 255, green: 255, blue: 255, alpha: 1 });
  }

  function luminance({ red, green, blue }) {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  }

  function ratio(color, back) {
    const [one, other] = [luminance(over(channels(color), back)), luminance(back)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }

  const found = { count: 0, lowest: Number.POSITIVE_INFINITY, poor: [] };
  function note(what, color, back, wanted) {
    const value = ratio(color, back);
    found.count += 1;
    found.lowest = Math.min(found.lowest, value);
    if (value < wanted) found.poor.push(`${what}: ${value.toFixed(2)}, wanted ${wanted}`);
  }

  function isSeen(element) {
    return element.checkVisibility({ visibilityProperty: true }) && !element.closest(".heard, .skip, option, datalist");
  }

  function wantedFor(style) {
    const size = Number.parseFloat(style.fontSize);
    return size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || ["SCRIPT", "NOSCRIPT", "TEXTAREA"].includes(element.tagName) || !isSeen(element)) continue;
    const style = getComputedStyle(element);
    note(node.data.trim().slice(0, 40), style.color, background(element), wantedFor(style));
  }
  for (const field of document.querySelectorAll("input, select, textarea, button")) {
    if (!isSeen(field)) continue;
    const style = getComputedStyle(field);
    note(`#${field.id}`, style.color, background(field), 4.5);
    note(`border of #${field.id}`, style.borderTopColor, background(field.parentElement), 3);
    if (field.placeholder) note(`placeholder of #${field.id}`, getComputedStyle(field, "::placeholder").color, background(field), 4.5);
  }
  for (const path of document.querySelectorAll("svg path")) {
    if (!isSeen(path.ownerSVGElement)) continue;
    const style = getComputedStyle(path);
    const back = background(path.ownerSVGElement);
    const name = `sign ${path.ownerSVGElement.parentElement.className}`;
    const body = path.ownerSVGElement.querySelector(".body");
    if (path.matches(".mark")) note(`${name}, mark`, style.stroke, channels(getComputedStyle(body).fill), 3);
    else note(name, path.matches(".body") ? style.fill : style.stroke, back, 3);
  }
  return found;
}
