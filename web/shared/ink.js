// Colours of pictures: those of the page's style, light or dark as the reader has it.
const ink_names = ["page", "card", "ink", "faint", "line", "shade", "accent", "warm", "cool", "good", "bad",
  "series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7", "series-8"];

export const ink = {};

function ink_read() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ink_names) {
    ink[name] = style.getPropertyValue("--" + name).trim();
  }
}

// Colour of series i.
export function ink_series(i) {
  return ink["series-" + (i % 8 + 1)];
}

// Read the colours now, and again, before `redraw`, whenever light and dark change.
export function ink_follow(redraw) {
  ink_read();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    ink_read();
    redraw();
  });
}

// A colour between that of 0 and that of the sign of a share in [-1, 1].
export function ink_signed(share) {
  const strength = Math.round(100 * Math.min(1, Math.abs(share)));
  return `color-mix(in srgb, ${share < 0 ? ink.cool : ink.warm} ${strength}%, ${ink.shade})`;
}
