/* A shared library that is no plug-in. */
int plugin_none(void);

int plugin_none(void) { return 0; }
