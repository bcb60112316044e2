"""Settings of Sphinx for the pages that pages.py lays out."""
project = "Hedon"
html_title = "Hedon"
copyright = "the authors of Hedon"  # noqa: A001 (Sphinx's name)
extensions = ["myst_parser"]
root_doc = "index"
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f6fb4", "color-brand-content": "#1f6fb4"},
    "dark_css_variables": {"color-brand-primary": "#7ab8f0", "color-brand-content": "#7ab8f0"},
}
html_static_path = ["static"]
html_css_files = ["manual.css"]
pygments_style = "friendly"
pygments_dark_style = "monokai"
highlight_language = "none"
# Links to settings are anchors of HTML, which MyST does not see; links.py checks every link of the result.
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
