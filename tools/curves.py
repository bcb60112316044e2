"""Learning curves as SVG: panels side by side, a curve for every learner or the mean of several."""
import html

WIDTH, COLUMNS, GAP = 840, 3, 14
PANEL_HEIGHT, TITLE, FOOT, LEFT = 165, 40, 22, 44
COLOURS = ["#1f6fb4", "#b4581f", "#4a8f3c", "#777777", "#8b5fb0", "#b03060", "#2a9d9d"]


def text(x, y, said, anchor="start", colour="#333", size=11):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="{colour}">{html.escape(str(said))}</text>')


def short(value):
    """12,500 as 12.5k."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{round(value, 6) + 0.0:.3g}"


def polyline(points, colour, width):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" points="{path}"/>'


def bounds(values):
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room


class Frame:
    """A panel's place, and what lies where in it."""

    def __init__(self, x, y, width, height, curves):
        steps = [step for points in curves.values() for step, _ in points]
        self.low, self.high = bounds([value for points in curves.values() for _, value in points])
        self.left, self.top, self.width, self.height = x, y, width, height
        self.budget = max(steps)

    def place(self, step, value):
        return (self.left + self.width * step / self.budget,
                self.top + self.height * (self.high - value) / (self.high - self.low))

    def axes(self):
        bottom = self.top + self.height
        ends = [(self.left, self.top), (self.left, bottom), (self.left + self.width, bottom)]
        inside = 0.05 / 1.1 * (self.high - self.low)
        yield polyline(ends, "#999", 1)
        for value in (self.low + inside, self.high - inside):
            yield text(self.left - 4, self.place(0, value)[1] + 4, short(value), "end", size=10)
        yield text(self.left + self.width, bottom + 13, f"{short(self.budget)} steps", "end", size=10)


def panel(x, y, width, height, titles, curves, colours):
    """titles: two lines; curves: name to [(step, value)], of one point at least."""
    frame = Frame(x + LEFT, y + TITLE, width - LEFT, height - TITLE - FOOT, curves)
    parts = [text(x + 4, y + TITLE - 20, titles[0]), text(x + 4, y + TITLE - 8, titles[1], size=10),
             *frame.axes()]
    for name, points in curves.items():
        parts.append(polyline([frame.place(*point) for point in points], colours[name], 1.8))
    return parts


def picture(panels):
    """panels: (two lines of title, {name: [(step, value)]}); names share their colours over all panels."""
    names = list(dict.fromkeys(name for _, curves in panels for name in curves))
    colours = dict(zip(names, COLOURS))
    width = (WIDTH - GAP * (COLUMNS + 1)) / COLUMNS
    rows = (len(panels) + COLUMNS - 1) // COLUMNS
    height = 30 + rows * PANEL_HEIGHT
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
             'font-family="sans-serif" role="img">',
             "<title>Mean return of evaluations during learning</title>",
             f'<rect width="{WIDTH}" height="{height}" fill="white"/>']
    step, size = (190, 13) if len(names) <= 4 else ((WIDTH - GAP) / len(names), 11 if len(names) <= 6 else 10)
    for k, name in enumerate(names):
        parts.append(text(GAP + (LEFT if size == 13 else 0) + k * step, 20, name, "start", colours[name], size))
    for k, (titles, curves) in enumerate(panels):
        x = GAP + k % COLUMNS * (width + GAP)
        parts += panel(x, 30 + k // COLUMNS * PANEL_HEIGHT, width, PANEL_HEIGHT, titles, curves,
                       colours)
    return "\n".join(parts + ["</svg>"]) + "\n"
