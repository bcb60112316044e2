#!/usr/bin/env python3
"""Every link of a site leads to a file of it, and to an anchor that this file has: links.py FOLDER"""
import html
import pathlib
import re
import sys
import urllib.parse

root = pathlib.Path(sys.argv[1]).resolve()
pages = {path: path.read_text(encoding="utf-8") for path in root.rglob("*.html")}
names = {path: set(map(html.unescape, re.findall(r'\b(?:id|name)="([^"]+)"', text))) for path, text in pages.items()}
faults = []
for path, text in pages.items():
    for link in set(re.findall(r'\b(?:href|src)="([^"]*)"', text)):
        address = urllib.parse.urlsplit(html.unescape(link))
        if address.scheme or address.netloc:
            if re.search(rf'<(?:script|link|img)[^>]*"{re.escape(link)}"', text):
                faults.append(f"{path.relative_to(root)}: {link} would be fetched from elsewhere")
            continue
        place = (path.parent / urllib.parse.unquote(address.path)).resolve() if address.path else path
        if not place.exists():
            faults.append(f"{path.relative_to(root)}: {link} does not exist")
        elif address.fragment and place in names and urllib.parse.unquote(address.fragment) not in names[place]:
            faults.append(f"{path.relative_to(root)}: {link} has no such anchor")
print("\n".join(sorted(faults)) or f"every link of {len(pages)} pages leads somewhere")
sys.exit(bool(faults))
