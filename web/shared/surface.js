import { ink } from "./ink.js";

// A canvas that is as sharp as the screen and as large as its box, and says in words what it shows.
export class Surface {
  // draw(g, width, height), in pixels of the style.
  constructor(canvas, draw) {
    this.canvas = canvas;
    this.draw = draw;
    this.g = canvas.getContext("2d");
    this.timer = null;
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  paint() {
    const { canvas, g } = this;
    const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    if (width < 50 || height < 50) { // not laid out
      return;
    }
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    g.font = "12px " + getComputedStyle(canvas).fontFamily;
    this.draw(g, width, height);
  }

  // Words for who cannot see the picture; every two seconds at most, since they may be read aloud, and the last ones
  // in any case.
  say(words) {
    this.words = words;
    if (!this.canvas.ariaLabel) {
      this.canvas.setAttribute("aria-label", words);
    }
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.canvas.setAttribute("aria-label", this.words);
    }, 2000);
  }
}

// Text that begins, ends or is centred at x.
export function surface_text(g, text, x, y, colour, align = "left", baseline = "alphabetic") {
  g.fillStyle = colour;
  g.textAlign = align;
  g.textBaseline = baseline;
  g.fillText(text, x, y);
}

export function surface_line(g, points, colour, width = 2, dash = []) {
  g.strokeStyle = colour;
  g.lineWidth = width;
  g.lineJoin = g.lineCap = "round";
  g.setLineDash(dash);
  g.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? g.moveTo(x, y) : g.lineTo(x, y)));
  g.stroke();
  g.setLineDash([]);
}

export function surface_dot(g, x, y, radius, colour) {
  g.fillStyle = colour;
  g.beginPath();
  g.arc(x, y, radius, 0, 2 * Math.PI);
  g.fill();
}

export function surface_box(g, x, y, width, height, radius, colour) {
  g.fillStyle = colour;
  g.beginPath();
  g.roundRect(x, y, width, height, radius);
  g.fill();
}

// A sentence in place of a picture, in lines that fit.
export function surface_excuse(g, width, height, sentence) {
  const lines = [""];
  for (const word of sentence.split(" ")) {
    if (g.measureText(lines[lines.length - 1] + " " + word).width > width - 40) {
      lines.push("");
    }
    lines[lines.length - 1] += (lines[lines.length - 1] ? " " : "") + word;
  }
  lines.forEach((line, i) => surface_text(g, line, 20, height / 2 + (i - lines.length / 2 + 0.5) * 18, ink.faint, "left", "middle"));
}
