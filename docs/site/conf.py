"""How Sphinx makes the site out of what tools/docs has put together; not run by hand.

Everything a page needs is in the site itself: no fonts, scripts or pictures from elsewhere."""
import os
import pathlib

from pygments.lexer import RegexLexer, bygroups
from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Generic, Text

project = "byzsim"
author = "the byzsim authors"
copyright = author
release = version = os.environ["BYZSIM_VERSION"]

extensions = ["myst_parser"]
exclude_patterns = ["templates"]
root_doc = "index"
nitpicky = True
myst_heading_anchors = 3  # so that a page can link to a heading of another
smartquotes = False  # quotes in help are those that a user types

html_theme = "furo"
html_title = f"byzsim {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {
    "footer_icons": [],
    # Okabe and Ito's colours, as in the figures and reports.
    "light_css_variables": {"color-brand-primary": "#0072b2", "color-brand-content": "#0072b2"},
    "dark_css_variables": {"color-brand-primary": "#56b4e9", "color-brand-content": "#56b4e9"},
}


class JsonWithComments(JavascriptLexer):
    name, aliases = "JSON with comments", ["jsonc"]


class Console(RegexLexer):
    """Commands and what they print; the shell's own words are not looked at."""
    name, aliases = "Commands with output", ["console"]
    tokens = {"root": [(r"^([$>] )(.*\n)", bygroups(Generic.Prompt, Text)),
                       (r".*\n", Generic.Output)]}


def complete_theme(app, error):
    """Debian's furo needs a style sheet of the system and a script that browsers take for a module,
    which they load from no disk: both become part of the files that need them."""
    static = pathlib.Path(app.outdir) / "_static"
    sheet, script = static / "styles" / "furo.css", static / "scripts" / "furo.js"
    parts = {sheet: ("@import url(/javascript/normalize.css/normalize.css);\n",
                     pathlib.Path("/usr/share/javascript/normalize.css/normalize.css")),
             script: ('import Gumshoe from "./gumshoe-patched.js";\n',
                      static / "scripts" / "gumshoe-patched.js")}
    for file, (line, part) in parts.items():
        text = file.read_text()
        if line in text:
            file.write_text(text.replace(line, part.read_text()))


def setup(app):
    app.connect("build-finished", complete_theme)
    app.add_lexer("console", Console)
    app.add_lexer("jsonc", JsonWithComments)
