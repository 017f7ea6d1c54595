"""Every image file that is named exists.

A file that was moved, renamed or never added leaves a hole in the note. In a git repository the index decides what is
there, so the answer is the same on every computer. If a file has a name that comes near, the help gives it.

```markdown bad file=notes/01-10.md beside=["notes/images/drain.png"]
- 待避: 新しい要求を受けない状態。
  ![切り替えの図](images/drian.png)
```

```markdown bad file=notes/01-10.md beside=["images/drain.png"]
<img src="drain.png" width="400">
```

A leading `/` is the root of the repository, as on GitHub, or the folder that the key `image-root` names. Queries
and fragments are no part of the name.

```markdown good file=notes/01-10.md beside=["notes/images/drain.png", "images/a b.png"]
![切り替えの図](images/drain.png?raw=true)

![切り替えの図](/images/a%20b.png#gh-dark-mode-only)
```

Links to files of this very repository on github.com (`blob`, `raw`, `raw.githubusercontent.com`) are looked up here
too, if they name its default branch or the one checked out. `![[drain.png]]` of Obsidian is looked for by its file
name, in a vault only. An image that a code block of the note also contains is an example of the syntax. A path in a
repository inside this one is reported by `image-unchecked`. Paths that `image-exclude` lists are not looked for. Twenty
and more with one cause, such as the same wrong prefix, are printed as one. `data` holds `path`."""

from collections.abc import Iterator

from techstock.analysis.entries import is_shown_in_code
from techstock.links import find_images
from techstock.links.image_states import has_image_suffix
from techstock.model import ERROR, Corpus, Problem, SharedCause
from techstock.model.files import DELETED, FOLDER, MISSING

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, MISSING, FOLDER, DELETED):
        causes: tuple[SharedCause, ...] = ()
        if image.state == DELETED:
            message = f"{image.name} is deleted, but still in git's index"
            label, cure, data = "gone", "restore the file, or remove the image", image.data
        elif image.state == FOLDER:
            message, label, cure, data = f"{image.name} is a folder", "a folder", "name a file in it", image.data
        elif image.image.kind == "wiki":
            message = f"no file of the vault has the name `{image.path}`"
            label, cure, data = "not found", "add the file, or correct the name", {}
        elif is_shown_in_code(image.note, image.image.place):
            continue
        else:
            message, label, data = f"there is no {image.name}", "not found", image.data
            from techstock.links.suggestions import suggest_path  # late: only for what is wrong

            near = suggest_path(image.names, image.note, image.image, image.target, image.path, has_image_suffix)
            causes = near.causes
            cure = near.help or "put the file there, or correct the path"
        yield Problem(image.place, message, label, image.related, cure, data=data, causes=causes)
