#include "plot_lines.h"

#include <math.h>

enum { KEY_LENGTH = 22 };

const char plot_style[] =
    ".curve{fill:none;stroke-width:2}.band{fill-opacity:.18}.key{stroke-width:4}"
    ".c0{stroke:#0072b2;fill:#0072b2}.c1{stroke:#b25000;fill:#b25000}.c2{stroke:#007a5e;fill:#"
    "007a5e}"
    ".c3{stroke:#a8457d;fill:#a8457d}.c4{stroke:#7a6a00;fill:#7a6a00}.c5{stroke:#3b6fc4;fill:#"
    "3b6fc4}"
    ".c6{stroke:#8a5a3c;fill:#8a5a3c}.c7{stroke:#5a5f66;fill:#5a5f66}"
    ".curve{fill:none}.band{stroke:none}"
    "@media(prefers-color-scheme:dark){.c0{stroke:#56b4e9;fill:#56b4e9}.c1{stroke:#e69f00;fill:#"
    "e69f00}"
    ".c2{stroke:#2fc9a0;fill:#2fc9a0}.c3{stroke:#e08bb8;fill:#e08bb8}.c4{stroke:#f0e442;fill:#"
    "f0e442}"
    ".c5{stroke:#8fb4ff;fill:#8fb4ff}.c6{stroke:#d8a483;fill:#d8a483}.c7{stroke:#b9c0c8;fill:#"
    "b9c0c8}"
    ".curve{fill:none}.band{stroke:none}}";

void plot_line(FILE *file, const plot_frame *f, int n, const double x[], const double y[],
               int colour) {
  int drawn = 0;
  fprintf(file, "<path class=\"curve c%d\" d=\"", colour);
  for (int k = 0; k < n; k++) {
    if (isfinite(x[k]) && isfinite(y[k])) {
      fprintf(file, "%c%.1f %.1f", drawn++ == 0 ? 'M' : 'L', svg_place(&f->x, x[k]),
              svg_place(&f->y, y[k]));
    }
  }
  fputs("\"/>\n", file);
  if (n == 1) { /* a line of one point cannot be seen */
    fprintf(file, "<circle class=\"c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", colour,
            svg_place(&f->x, x[0]), svg_place(&f->y, y[0]));
  }
}

void plot_key(FILE *file, int x, double y, int colour) {
  fprintf(file, "<line class=\"key c%d\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n", colour,
          x, y, x + KEY_LENGTH, y);
}
