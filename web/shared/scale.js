// Axes: where values lie, where ticks stand, how numbers are read.

// [low, high] on [from, to], which may run downwards.
export function scale_make(low, high, from, to) {
  const span = high > low ? high - low : 1;
  return { low, high, from, to, at: (value) => from + (value - low) / span * (to - from) };
}

// About n multiples of 1, 2 or 5 times a power of ten within a scale.
export function scale_ticks(scale, n) {
  const rough = Math.max(scale.high - scale.low, 1e-12) / n, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((k) => k * power >= rough * 0.999), ticks = [];
  for (let k = Math.ceil(scale.low / step - 1e-9); k * step <= scale.high + 1e-9 * step; k++) {
    ticks.push(k * step);
  }
  return ticks;
}

// 12,512
export function scale_count(value) {
  return Math.round(value).toLocaleString("en-US");
}

// A tick's number, with as many digits as tell it from the next one.
export function scale_tick(scale, value) {
  const size = Math.max(Math.abs(scale.low), Math.abs(scale.high)), span = scale.high - scale.low || 1;
  return scale_short(value, Math.max(3, Math.ceil(Math.log10(size / span)) + 2));
}

// 12.5k, 1.2M, 0.25
export function scale_short(value, digits = 3) {
  const size = Math.abs(value);
  const [share, unit] = size >= 1e6 ? [value / 1e6, "M"] : size >= 1e4 ? [value / 1e3, "k"] : [value, ""];
  return String(+share.toPrecision(digits)) + unit;
}
