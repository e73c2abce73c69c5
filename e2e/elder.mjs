// The sizes that elder mode promises, measured in a browser: text from 18 px, the largest from
// 30 px, line height from 1.3, targets from 60 × 60 px. Source: MIIT 移动互联网应用适老化通用设计规范.
// Contrast is left to axe, which knows it.

const LIMITS = { text: 18, largest: 30, line: 1.3, target: 60 };

/**
 * What breaks the promise on an open page.
 *
 * @param {import('playwright-core').Page} page a page in elder mode
 * @param {Partial<typeof LIMITS>} [limits] other limits, e.g. `{ target: 44, text: 12 }` for the
 *   standard mode
 * @returns {Promise<Array<{rule: string, measured: string, element: string}>>} empty if it holds
 */
export async function elderFindings(page, limits = {}) {
  return page.evaluate(measure, { ...LIMITS, ...limits });
}

/** Runs in the page. */
function measure(limits) {
  const findings = [];
  const tolerance = 0.5; // Half a pixel of rounding by the layout is nobody's fault.
  const name = (element) => {
    const words = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const className = typeof element.className === "string" ? element.className : "";
    return `<${element.tagName.toLowerCase()}${className && "." + className.replace(/\s+/g, ".")}> ${words}`;
  };
  const find = (rule, measured, element) => findings.push({ rule, measured, element: name(element) });

  /* Neither drawn nor reachable by eye: nothing to measure. */
  const unseen = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.visibility === "hidden" || style.display === "none" || style.opacity === "0") return true;
    if (box.width <= 1 && box.height <= 1) return true;
    // Visually hidden, for screen readers: the element or one that it stands in.
    for (let above = element; above; above = above.parentElement) {
      const clipped = getComputedStyle(above).clipPath;
      if (clipped === "inset(50%)") return true;
      const closed = above.parentElement?.closest("details:not([open])");
      if (closed && !above.closest("summary")) return true;
    }
    // Parked outside of the page until it takes the focus: a skip link.
    return box.bottom + scrollY < 0;
  };

  let largest = 0;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.nodeValue.trim() || ["SCRIPT", "STYLE", "NOSCRIPT", "OPTION"].includes(element.tagName)) continue;
    if (unseen(element)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    largest = Math.max(largest, size);
    // A drawing is a picture: what it says stands in a table beside it.
    if (element.closest("svg[role=img]")) continue;
    if (size + 0.01 < limits.text) find("text", `${size}px`, element);
    const line = parseFloat(style.lineHeight) / size;
    // One line alone has no neighbour that it could run into.
    const several = element.getBoundingClientRect().height > size * 2.2 && style.display !== "inline";
    if (several && !Number.isNaN(line) && line + 0.01 < limits.line) find("line", line.toFixed(2), element);
  }
  for (const input of document.querySelectorAll("input, select, textarea")) {
    const size = parseFloat(getComputedStyle(input).fontSize);
    if (input.type !== "hidden" && !unseen(input) && size + 0.01 < limits.text) find("text", `${size}px`, input);
  }
  if (largest < limits.largest) find("largest", `${largest}px`, document.body);

  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [tabindex='0']";
  for (const element of document.querySelectorAll(targets)) {
    if (element.disabled || unseen(element) || inRunningText(element)) continue;
    const { width, height } = reach(element);
    if (width + tolerance < limits.target || height + tolerance < limits.target) {
      find("target", `${width.toFixed(0)}×${height.toFixed(0)}`, element);
    }
  }
  return findings;

  /* A link inside a sentence flows with it (WCAG 2.5.8 makes the same exception). */
  function inRunningText(element) {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
    const block = element.closest("p, li, dd, blockquote, figcaption");
    if (!block) return false;
    return block.textContent.trim().length > element.textContent.trim().length;
  }

  /* What a finger may hit: the element, its label, and a ::after stretched over its card. */
  function reach(element) {
    const boxes = [element.getBoundingClientRect()];
    for (const label of element.labels || []) {
      if (["checkbox", "radio"].includes(element.type)) boxes.push(label.getBoundingClientRect());
    }
    const after = getComputedStyle(element, "::after");
    if (after.content !== "none" && after.position === "absolute" && after.top === "0px" && after.bottom === "0px") {
      let card = element.parentElement;
      while (card && getComputedStyle(card).position === "static") card = card.parentElement;
      if (card) boxes.push(card.getBoundingClientRect());
    }
    return {
      width: Math.max(...boxes.map((box) => box.width)),
      height: Math.max(...boxes.map((box) => box.height)),
    };
  }
}
