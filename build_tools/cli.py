"""The command line: arguments in, sentences and an exit code out.

Exit codes: 0 done; 1 problems found (by `check`, `add` or `verify`, or under `--strict`), or an address would vanish;
2 could not run.
"""

from __future__ import annotations

import gc
import importlib.metadata
import json
import logging
import multiprocessing
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from build_tools import build as pipeline
from build_tools import draft
from build_tools import explain as explanation
from build_tools.archive import values
from build_tools.errors import ArchiveError, LostAddressesError
from build_tools.explain import printable as _printable
from build_tools.model import Clipping, Problem
from build_tools.paths import CORRECTION_SCHEMA
from build_tools.pool import SELDOM

if TYPE_CHECKING:
    from build_tools.check import Finding

resource: Any
try:
    import resource
except ImportError:  # on Windows nobody keeps these figures for a program
    resource = None

PATIENCE = 2.0
"""Seconds before progress is shown: nobody asks in less."""

NEWS_EVERY = 5.0
"""Seconds between two lines of progress where there is no terminal."""

_FOLDER = click.Path(file_okay=False, path_type=Path)


class _Failure(click.ClickException):
    """The command could not run."""

    exit_code = 2


class _Refusal(click.ClickException):
    """The command found a problem and stopped."""

    exit_code = 1


class _Sentences(click.Group):
    """Turns exceptions into one sentence; `--debug` shows where they come from."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ArchiveError as error:
            raise (_Refusal if isinstance(error, LostAddressesError) else _Failure)(str(error)) from error
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise _Failure(f"{error.filename or 'the system'}: {error.strerror or error}") from error
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            raise _Failure(f"the program failed ({type(error).__name__}: {error}); --debug shows where") from error


def _version() -> str:
    try:
        return importlib.metadata.version("kho-bao")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _about(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Say which program this is, with which data, and which formats it writes."""
    if wanted and not ctx.resilient_parsing:
        from build_tools import about  # noqa: PLC0415  # the other commands need not wait for it

        click.echo(about.about(_version()))
        ctx.exit()


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_about, help="Say what this is.")
@click.option("--debug", is_flag=True, help="Show the traceback of an unexpected failure.")
def cli(debug: bool) -> None:
    """Turn a folder of raw Vietnamese news clippings into a searchable archive site.

    Clippings are text files in content/clippings/, pasted as found and never rewritten. A correction is a file
    NAME.yaml beside NAME.txt. A clipping that cannot be read is listed with a remedy and never stops the rest.

    \b
    Exit codes: 0 done
                1 problems found, by `check`, `add` or `verify` or under --strict, or an address would vanish
                2 could not run
    """  # noqa: D301  # the backspace is click's mark for lines that are not to be joined
    if debug:
        logging.basicConfig(level=logging.DEBUG)


_content = click.option(
    "--content", type=_FOLDER, help="Folder with clippings/ and pages/, or a bare folder of texts.  [default: content]"
)
_jobs = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Processes that read clippings and make pages.  [default: one a processor, one for little work]",
)
_markdown = click.option("--markdown", type=_FOLDER, help="Where generated Markdown goes.  [default: build/docs]")


@cli.command()
@_content
@click.option("--site", type=_FOLDER, help="Folder for the site; emptied if kho-bao made it.  [default: site]")
@_markdown
@_jobs
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Have clippings read and pages composed by the workers of a Dask scheduler, as tcp://HOST:8786; "
    "needs kho-bao[cluster].",
)
@click.option("--drop", is_flag=True, help="Let addresses of the last edition vanish.")
@click.option("--strict", is_flag=True, help="Exit with 1 when there was any problem or warning.")
@click.option("--profile", is_flag=True, help="Print where the time went.")
def build(  # noqa: PLR0913, PLR0917 - one argument an option
    content: Path | None,
    site: Path | None,
    markdown: Path | None,
    jobs: int | None,
    scheduler: str | None,
    drop: bool,
    strict: bool,
    profile: bool,
) -> None:
    """Build the site, doing again only what changed.

    Reads the clippings, writes a Markdown page for each to build/docs/ together with the pages by cluster, year and
    newspaper, and has MkDocs make the site of them. Works in any folder: one with its own mkdocs.yml is built by that
    file, elsewhere the settings, templates and pages that came with kho-bao are used.

    Exit codes: 0 built; 1 an address of the last edition would vanish (see --drop), or under --strict there was any
    problem or warning; 2 could not run.
    """
    from build_tools import publish  # noqa: PLC0415  # MkDocs takes a second to load, which other commands need not

    folders = publish.Folders.of(content, site, markdown)
    begin = time.perf_counter()
    with _Stages() as progress:
        place, warnings, report = publish.site(folders, jobs, progress, scheduler, drop=drop)
    _list(report.problems)
    click.echo(
        f"{_count(report.clippings, 'clipping')} ({report.read:,} read), "
        f"{_count(report.pages, 'page')} ({report.changed:,} files written, {report.removed:,} removed), "
        f"{_count(len(report.problems), 'problem')}: {_short(place)}"
    )
    seconds = time.perf_counter() - begin
    if profile:
        for line in _profile(report.seconds, seconds):
            click.echo(line)
    elif seconds > PATIENCE:
        longest = sorted(report.seconds.items(), key=lambda stage: -stage[1])[:4]
        stages = ", ".join(f"{name} {took:.1f}" for name, took in longest)
        click.echo(f"{seconds:.1f} s ({stages}), {_memory()}")
    if strict and (report.problems or warnings):
        raise click.exceptions.Exit(1)


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_content
@_markdown
@_jobs
@click.option(
    "--keep", type=click.IntRange(1), default=2, show_default=True, help="Sites to keep, this one among them."
)
@click.option("--gzip", "compress", is_flag=True, help="Put NAME.gz beside each text file, for a host that serves it.")
@click.option("--rollback", is_flag=True, help="Build nothing: go back to the site before.")
def publish(  # noqa: PLR0913, PLR0917 - one argument an option
    folder: Path,
    content: Path | None,
    markdown: Path | None,
    jobs: int | None,
    keep: int,
    compress: bool,
    rollback: bool,
) -> None:
    """Build a site beside DIR, inspect it, and put it in the place of the one there, in one step.

    Every page must be well-formed HTML and what the build wrote, every link and anchor within the site must lead
    somewhere, the search must find clippings by their titles, and what the last edition promised must be kept: its
    addresses, its texts, its withdrawals (see docs/publishing.md). If anything is wrong, or the command is interrupted,
    DIR stays as it is. DIR is a symbolic link where the system has them; the sites are in .DIR.sites/ beside it.

    Exit codes: 0 published, or gone back; 2 DIR is as it was.
    """
    from build_tools import closing  # noqa: PLC0415  # see build
    from build_tools import publish as builder  # noqa: PLC0415  # see build
    from build_tools.publishing import publication  # noqa: PLC0415  # see build

    if rollback:
        click.echo(f"{_short(publication.back(folder))}: shows the site before")
        return

    def build(site: Path) -> publication.Built:
        folders = builder.Folders.of(content, site, markdown)
        _, _, report = builder.site(folders, jobs, progress)
        _list(report.problems)
        return publication.Built(
            builder.told(folders).get("site_url"),
            folders.markdown.parent / "cache",
            progress,
            report.files,
            partial(closing.kept, content=folders.content, promise=report.promise) if report.promise else None,
        )

    with _Stages() as progress:
        done = publication.publish(folder, build, keep=keep, compress=compress, jobs=jobs)
    found = done.inspected
    click.echo(
        f"{_short(done.path)}: {_count(found.pages, 'page')}, {_count(found.files, 'file')}, "
        f"{found.size / 1e6:,.1f} MB; "
        f"{_count(found.links, 'link')} and {_count(found.queries, 'query', 'queries')} tried; "
        + ("--rollback leads to the site before" if done.before else "there is no site before")
    )
    if done.verdict:
        click.echo(f"edition {done.verdict.edition} is kept: {_looked(done.verdict.looked)}")
    else:
        click.echo("no edition has been closed, so there was none to compare the site with (see kho-bao edition)")


@cli.command("zip")
@click.argument("file", metavar="FILE.zip", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--site", type=_FOLDER, help="The built site.  [default: site]")
def pack(file: Path, site: Path | None) -> None:
    """Pack a built site into one file that needs no host: unpack it, open index.html, read and search.

    The same site gives the same bytes. Its files have the time that SOURCE_DATE_EPOCH tells, else that of 1 January
    1980.
    """
    from build_tools.publishing import offline  # noqa: PLC0415  # the other commands need not wait for it

    count, size = offline.pack(site or Path("site"), file, _moment())
    click.echo(f"{_short(file)}: {_count(count, 'file')}, {size / 1e6:,.1f} MB; unpacked, it opens with index.html")


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_content
@click.option("--site", type=_FOLDER, help="Folder for the site; see build.  [default: site]")
@_markdown
@_jobs
def bag(folder: Path, content: Path | None, site: Path | None, markdown: Path | None, jobs: int | None) -> None:
    """Put clippings, corrections and the files for other programs into a new folder as a BagIt bag.

    Builds the site first, so that the files of /du-lieu/ are those of the clippings. What the bag says of itself stands
    in mkdocs.yml; it has a date only when SOURCE_DATE_EPOCH gives one. Needs kho-bao[bag].
    """
    from build_tools import publish as builder  # noqa: PLC0415  # see build
    from build_tools.publishing import bag as bags  # noqa: PLC0415  # see build

    folders = builder.Folders.of(content, site, markdown)
    with _Stages() as progress:
        built, _, report = builder.site(folders, jobs, progress)
    _list(report.problems)
    clippings, _ = pipeline.clippings_folder(folders.content)
    count, size = bags.bag(folder, clippings, built, builder.told(folders), f"kho-bao {_version()}", moment=_moment())
    click.echo(f"{_short(folder)}: {_count(count, 'file')}, {size / 1e6:,.1f} MB, as its digests say")


def _moment() -> int | None:
    """Return the moment that the user gives to all that is made, in seconds since 1970."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(told) if told.isdecimal() else None


@cli.command()
@_content
@_markdown
@click.option("--address", metavar="HOST:PORT", help="Where to serve.  [default: 127.0.0.1:8000]")
def serve(content: Path | None, markdown: Path | None, address: str | None) -> None:
    """Preview the site in a browser; a changed or added clipping shows by itself.

    Serves on http://127.0.0.1:8000/ until interrupted with Ctrl+C. The site folder is not touched.
    """
    from build_tools import publish  # noqa: PLC0415  # see build

    publish.serve(publish.Folders.of(content, None, markdown), address)


@cli.command()
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_content
@click.option("--dry-run", is_flag=True, help="Say what would be added, and write nothing.")
def add(paths: tuple[Path, ...], content: Path | None, dry_run: bool) -> None:
    """Bring in clippings: text files, saved web pages, web archives, or folders of them.

    \b
    .txt                     copied byte for byte
    .html, .htm, .xhtml      the page's article is written down    needs kho-bao[html]
    .warc, .warc.gz, .wacz   each article among the stored pages   needs kho-bao[warc]

    Each becomes content/clippings/YEAR/HEADLINE.txt, by the year and headline that are read in it. A web page is kept
    as it was in content/originals/, and its address goes into HEADLINE.yaml beside the clipping. What is already there
    is left out, so it is safe to interrupt the command and to run it again.

    \b
    Exit codes: 0 every clipping was added or is already there
                1 some could not be added, the others were
                2 could not run
    """  # noqa: D301  # see cli
    from build_tools import intake  # noqa: PLC0415  # the other commands need not wait for it

    told: Counter[str] = Counter()
    verb = "would add" if dry_run else "added"
    with _Progress("bringing in", "bytes") as progress:
        try:
            for outcome in intake.add(paths, Path(content or "content"), dry_run=dry_run, progress=progress):
                progress.make_way()
                told[type(outcome).__name__] += 1
                if isinstance(outcome, Problem):
                    click.echo(_printable(str(outcome)), err=True)
                elif isinstance(outcome, intake.Added):
                    click.echo(_printable(f"{verb} {outcome.path}: {_brief(outcome.clipping)}"))
                elif isinstance(outcome, intake.Present):
                    click.echo(_printable(f"{outcome.origin}: is already there as {outcome.path}"))
                else:
                    kinds = ", ".join(f"{number:,} {kind}" for kind, number in outcome.kinds)
                    click.echo(_printable(f"{outcome.origin}: left out: {kinds}"))
        except KeyboardInterrupt:
            progress.make_way()
            click.echo("interrupted: run the same command again to add the rest", err=True)
            raise
        finally:
            if told:
                click.echo(f"{told['Added']:,} {verb}, {told['Present']:,} already there, {told['Problem']:,} failed")
    if told["Problem"]:
        raise click.exceptions.Exit(1)


def _brief(clipping: Clipping) -> str:
    """Return a clipping in a line: headline, date, clusters, how many values are guesses."""
    title = f"{clipping.title} (headline from the text)" if clipping.title_derived else clipping.title
    clusters = ", ".join(
        f"cluster {cluster.number or '?'}" + (f" ({cluster.authority})" if cluster.authority else "")
        for cluster in clipping.record.clusters
    )
    guesses = sum(
        evidence is not None and evidence.grade == "guessed" for *_, evidence in explanation.explained(clipping)
    )
    return "; ".join((title, clipping.date or "no date", clusters or "no cluster", _count(guesses, "guess", "guesses")))


@cli.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="Output form.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a clipping could not be read.")
def extract(paths: tuple[Path, ...], form: str, strict: bool) -> None:  # noqa: ARG001  # there is one form so far
    """Print what the clippings say, one JSON record a line.

    PATH is a clipping or a folder of them. Records hold what the text says: corrections are left out, and a headline
    is null where none is printed. `file` comes first, then the fields that docs/record.md explains. Problems go to
    standard error.
    """
    problems = []
    for read_clipping in pipeline.each(paths):
        if isinstance(read_clipping, Problem):
            problems.append(read_clipping)
            continue
        record = {"file": read_clipping.raw.path.name, **values(read_clipping.record)}
        click.echo(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace"))
    _list(problems)
    if strict and problems:
        raise click.exceptions.Exit(1)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output form."
)
def explain(file: Path, form: str) -> None:
    """Show where each value of one clipping comes from.

    Prints the text as found, the role of each line in the margin, and below the words the numbers of the values read
    from them. Then each value: how sure it is (stated, worked-out, guessed, corrected), the rule that found it, the
    line, and what stands there; the fields that the clipping does not say; the glued words put apart. Corrections in
    NAME.yaml beside it are counted in. On a terminal the words have the colour of their grade, unless NO_COLOR is set.
    """
    clipping, problems = pipeline.read_with_correction(file)
    _list(problems)
    if clipping is None:
        raise click.exceptions.Exit(1)
    if form == "json":
        click.echo(explanation.as_json(clipping, str(file)))
        return
    for line in explanation.report(clipping, str(file), explanation.Terminal.here()):
        click.echo(line)


@cli.command()
@_content
@_jobs
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output form.  [default: text]"
)
@click.option("--strict", is_flag=True, help="Exit with 1 when there was anything to find.")
def check(content: Path | None, jobs: int | None, form: str, strict: bool) -> None:
    """List what needs an archivist's eye, worst first; write nothing.

    \b
    error    a file that cannot be used: unreadable, a faulty correction, two clippings with one address
    warning  what contradicts itself or another clipping, and what is missing: no cluster, no date
    note     unknown ranks and units, lines that look like the web page's, one story told twice, guesses

    Each line names the file and line, what is to be seen, what to do, and in brackets its code; docs/check.md explains
    the codes and the JSON form. A correction file settles what it gives.

    Exit codes: 0 no errors; 1 errors, or under --strict anything at all; 2 could not run.
    """  # noqa: D301  # see cli
    from build_tools import check as checks  # noqa: PLC0415  # the other commands need not wait for it

    with _Progress() as progress:
        result = pipeline.build(Path(content or "content"), jobs=jobs, progress=progress)
    found = checks.findings(result)
    if form == "json":
        click.echo(_escaped(json.dumps(checks.document(result, found), ensure_ascii=False, indent=2)))
    else:
        for severity in checks.SEVERITIES:
            _show(severity, [finding for finding in found if finding.severity == severity])
        for code, number in checks.counts(found).items():
            click.echo(f"{number:>7,} {code}")
        counted = _count(len(result.clippings), "clipping"), _count(len(found), "finding")
        problems = sum(finding.severity == "error" for finding in found)
        click.echo(f"{', '.join(counted)}, {_count(problems, 'problem')}")
    if any(finding.severity == "error" or strict for finding in found):
        raise click.exceptions.Exit(1)


@cli.command()
@_content
@_jobs
@click.option("--drop", is_flag=True, help="Let addresses of the last edition vanish.")
def edition(content: Path | None, jobs: int | None, drop: bool) -> None:
    """Close an edition: write down what the archive holds today, so that what is cited can be checked later.

    content/editions/ID.json gets the SHA-256 of every clipping, correction and generated page, and the values read.
    ID is today's date, or that of SOURCE_DATE_EPOCH, and the beginning of a digest. Prints what changed since the last
    edition; where nothing did, nothing is written. From then on addresses last (see docs/editions.md).

    Exit codes: 0 closed, or nothing changed; 1 addresses of the last edition would vanish; 2 could not run.
    """
    from build_tools import closing  # noqa: PLC0415  # the other commands need not wait for it

    with _Progress() as progress:
        closed = closing.close(Path(content or "content"), drop=drop, jobs=jobs, progress=progress)
    _list(closed.problems)
    for line in closed.told:
        click.echo(_printable(line))
    if closed.path is None:
        click.echo(f"nothing has changed since edition {closed.edition.id}: nothing written")
        return
    click.echo(
        _printable(f"edition {closed.edition.id}, {_count(len(closed.edition.clippings), 'clipping')}: {closed.path}")
    )


@cli.command()
@click.argument("folder", metavar="[SITE|CONTENT]", required=False, type=_FOLDER)
@click.option("--edition", metavar="ID", help="The edition to compare with.  [default: the last, or the site's own]")
@_content
def verify(folder: Path | None, edition: str | None, content: Path | None) -> None:
    """Compare a content folder, or a built site, with an edition, and name every difference.

    Of a content folder: the bytes of clippings and corrections, addresses, values, and the Markdown of all pages, made
    anew for it. Of a site: which pages there are and which moved or were withdrawn, the data files, and the values and
    digests in them; not the look of the pages (see docs/editions.md). --edition of a site is looked for in --content.

    Exit codes: 0 no difference; 1 differences; 2 could not run.
    """
    from build_tools import closing  # noqa: PLC0415  # see edition

    chosen = Path(content or "content")
    with _Progress() as progress:
        verdict = closing.verify(folder or chosen, edition, chosen, progress)
    for line in (*verdict.remarks, *verdict.differences):
        click.echo(_printable(line))
    looked = _looked(verdict.looked)
    click.echo(f"edition {verdict.edition}: {looked}; {_count(len(verdict.differences), 'difference')}")
    if verdict.differences:
        raise click.exceptions.Exit(1)


def _looked(looked: Mapping[str, int]) -> str:
    """Return how many things of each kind were compared."""
    return ", ".join(f"{number:,} {kind}" for kind, number in looked.items())


def _show(severity: str, found: Sequence[Finding]) -> None:
    """Print findings of one severity under its name."""
    if found:
        click.echo(f"{_count(len(found), severity)}:")
    for finding in found:
        click.echo(_printable(f"  {finding}"))


def _escaped(document: str) -> str:
    """Return a JSON document with escapes for all that cannot be shown, so that it prints on any terminal."""
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in document)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--print", "printed", is_flag=True, help="Write to standard output, not to a file.")
@click.option("--force", is_flag=True, help="Write a correction that is there anew; its values stay, its comments go.")
def correct(file: Path, printed: bool, force: bool) -> None:
    """Write a correction file beside a clipping, with what was read to start from.

    NAME.yaml beside FILE gets every field of the record as a comment, with its value and its line. Take the # off a
    field and edit it to correct it; what stays a comment stays as it was read. An editor that knows YAML schemas
    completes and checks the fields (see `kho-bao schema`).

    Exit codes: 0 written; 1 the clipping or its correction cannot be read; 2 there is a correction already.
    """
    target = file.with_suffix(".yaml")
    if target == file:
        raise _Failure(f"{file}: is a correction (name the clipping that it corrects)")
    if target.exists() and not (printed or force):
        raise _Failure(f"{target}: is there already (edit it, or give --force to write it anew with its values kept)")
    given, problems = pipeline.read_with_correction(file)
    _list(problems)
    (read_alone,) = pipeline.each((file,))
    if problems or given is None or isinstance(read_alone, Problem):
        raise click.exceptions.Exit(1)
    schema = draft.find_schema(target)
    text = draft.text(read_alone, draft.schema_address(target, schema), given)
    if printed:
        click.echo(text.encode(), nl=False)
        return
    with target.open("w" if force else "x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    click.echo(_printable(f"{target}: written; take the # off the fields to correct"))
    if schema is None:
        click.echo(
            f"for an editor's help: kho-bao schema > {_printable(str(target.parent / draft.SCHEMA_FILE))}", err=True
        )


@cli.command()
def schema() -> None:
    """Print the JSON Schema of correction files.

    An editor with YAML support reads it by the first line of a correction and completes the fields. It also stands
    in docs/correction.schema.json, and on the site at /du-lieu/correction.schema.json.
    """
    click.echo(pipeline.data_files()[CORRECTION_SCHEMA](), nl=False)


def _profile(stages: dict[str, float], whole: float) -> Iterator[str]:
    """Yield how long each stage of a build took, what processor time there was to it, and the memory at its peak."""
    yield f"{'stage':<24}{'seconds':>9}{'share':>8}"
    rest = whole - sum(stages.values())
    for name, took in (*stages.items(), ("MkDocs and the rest", rest)):
        yield f"{name:<24}{took:>9.2f}{took / whole:>8.0%}"
    yield f"{'all':<24}{whole:>9.2f}"
    if resource:
        own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        used = own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime
        yield f"processor: {used[0]:.1f} s here, {used[1]:.1f} s in other processes; {_memory()}"


def _memory() -> str:
    """Return the most memory that one process had, in words."""
    if not resource:
        return "memory not known"
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"{peak // (1_000_000 if sys.platform == 'darwin' else 1_000):,} MB at most in one process"


class _Stages:
    """Shows how far each stage of a build is."""

    def __init__(self) -> None:
        self._stage = ""
        self._stack = ExitStack()
        self._progress = _Progress()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` things of a stage are done."""
        if stage != self._stage:
            self._stack.close()
            self._stage, self._progress = stage, _Progress(stage, stage.rsplit(maxsplit=1)[-1])
            self._stack.enter_context(self._progress)
        self._progress(done, total)


class _Progress:
    """Shows how far reading is, once it takes long: a bar on a terminal, lines elsewhere."""

    def __init__(self, doing: str = "reading clippings", things: str = "clippings") -> None:
        self._doing, self._things = doing, things
        self._start = self._told = time.monotonic()
        self._stack = ExitStack()
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __call__(self, done: int, total: int) -> None:
        """Take note that `done` of `total` things have been read."""
        now = time.monotonic()
        if now - self._start < PATIENCE:
            return
        if sys.stderr.isatty():
            if self._bar is None:
                bar: Any = click.progressbar(length=total, label=self._doing, file=sys.stderr)
                self._bar = self._stack.enter_context(bar)
            self._bar.update(done - self._done)
            self._done = done
        elif now - self._told >= NEWS_EVERY or done == total > self._done:
            self._told, self._done = now, done
            click.echo(f"{self._doing}: {done:,} of {total:,}", err=True)

    def make_way(self) -> None:
        """Wipe the bar off its line, so that a line can be printed; it comes back with the next news."""
        if self._bar is not None:
            click.echo("\r\x1b[K", err=True, nl=False)


def _list(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(_printable(str(problem)), err=True)


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _short(path: Path) -> str:
    """Return a path as it is seen from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def main() -> None:
    """Run the command line."""
    gc.set_threshold(*SELDOM)
    try:
        cli(prog_name="kho-bao")
    except SystemExit as done:
        _leave(done.code)
        raise


def _leave(code: object) -> None:
    """End this process at once where only memory is left to be given back: that takes a second at ten thousand."""
    watched = sys.getprofile() or sys.gettrace() or threading.active_count() > 1 or multiprocessing.active_children()
    if not isinstance(code, int) or watched:
        return
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
        logging.shutdown()
        os._exit(code)
