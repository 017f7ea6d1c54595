"""Every image has an alternative text.

Readers who do not see the picture, and every search, have only this text. What programs put there says nothing:
`image`, `Screenshot 2024-01-01`, the name of the file.

```markdown bad
![](images/drain.png)

![image](images/drain.png)

<img src="images/drain.png">
```

`alt=""` in HTML says that a picture is an ornament.

```markdown good
![要求が別の台へ移るまでの流れ](images/drain.png)

<img src="images/line.png" alt="">
```

Off by default: most notes are written for one's own eyes.
"""

import re
from collections.abc import Iterator
from posixpath import basename, splitext

from techstock.model import OFF, Image, Note, Problem, Span

LEVEL = OFF

_GENERATED = (
    r"(?:image|img|picture|photo|screenshot|screen shot|スクリーンショット|画像|alt(?: text)?|untitled)"
    r"[\s\d_.:()年月日時分秒-]*(?:at [\d.\s]+(?:am|pm)?)?(?:\.\w{2,4})?"
)


def check(note: Note) -> Iterator[Problem]:
    for image in note.images:
        if image.kind != "wiki" and not _has_description(note, image):
            what = "this image has no text for readers who do not see it"
            if image.alt.strip():
                what = f"`{image.alt.strip()}` does not say what is shown"
            place = Span(image.place.start, min(image.place.end, image.place.start + 60))
            yield Problem(place, what, help="say what it shows, between the brackets or in `alt`")


def _has_description(note: Note, image: Image) -> bool:
    alt = image.alt.strip()
    if not alt:
        return image.kind == "html" and re.search(r"\balt\s*=", image.place.extract_from(note.text), re.I) is not None
    name = splitext(basename(image.target))[0]
    return alt != name and splitext(alt)[0] != name and re.fullmatch(_GENERATED, alt, re.I) is None
