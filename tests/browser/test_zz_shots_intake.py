import pytest
from tests.browser.test_intake import _pages
pytestmark = pytest.mark.browser
def test_shots(cast, device):
    paths=_pages(cast)
    names=["desk","shared","preview","unknown","routes","done","undo","waiting"]
    for tag,opt in {"d":dict(viewport={"width":1440,"height":900}),"p":dict(viewport={"width":390,"height":844}),"k":dict(viewport={"width":1440,"height":900},color_scheme="dark")}.items():
        page=device(cast,"technician",**opt).new_page()
        for n,p in zip(names,paths):
            page.goto(p); page.screenshot(path=f"/tmp/ishots/{n}-{tag}.png",full_page=tag!="k")
