/* The charts of a report: the library dygraphs as the build found it, or "" where it did not. */
#ifndef CLI_REPORT_CHARTS_H
#define CLI_REPORT_CHARTS_H

extern const char report_charts_script[], report_charts_style[];

#endif
