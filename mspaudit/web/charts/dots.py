"""Where the clients are, from risk 0 to 100: one dot each, or one bar a column when they are many."""

from collections import Counter
from collections.abc import Iterable, Mapping

from mspaudit.web.charts.scale import drawing, level_of, short
from mspaudit.web.svg import Svg

WIDTH, HEIGHT, LEFT, BASE, COLUMNS = 400, 82, 4, 76.5, 40
COLUMN = (WIDTH - 2 * LEFT) / COLUMNS
ROOM = 72
TALLEST_IN_DOTS = 14
COMMUNE, ENTERPRISE = "commune", "enterprise"

Clients = Iterable[tuple[float, str]] | Mapping[tuple[float, str], int]


def _columns(clients: Clients) -> list[Counter[str]]:
    counted = clients if isinstance(clients, Mapping) else Counter(clients)
    columns: list[Counter[str]] = [Counter() for _ in range(COLUMNS)]
    for (risk, kind), count in counted.items():
        columns[min(int(risk * COLUMNS / 100), COLUMNS - 1)][kind] += count
    return columns


def _dots(index: int, column: Counter[str], step: float) -> str:
    centre = LEFT + (index + 0.5) * COLUMN
    colour = f"ma-f{level_of((index + 0.5) * 100 / COLUMNS)}"
    radius = step * 0.43
    shapes = []
    for row in range(column.total()):
        y = BASE - 2 - (row + 0.5) * step
        if row < column[COMMUNE]:
            shapes.append(
                f'<circle cx="{short(centre)}" cy="{short(y)}" r="{short(radius)}" class="{colour}"/>'
            )
        else:
            side = short(step * 0.78)
            x, top = short(centre - step * 0.39), short(y - step * 0.39)
            shapes.append(f'<rect x="{x}" y="{top}" width="{side}" height="{side}" class="{colour}"/>')
    return "".join(shapes)


def _bars(index: int, column: Counter[str], step: float) -> str:
    x = short(LEFT + index * COLUMN + 0.8)
    wide, colour = short(COLUMN - 1.6), f"ma-f{level_of((index + 0.5) * 100 / COLUMNS)}"
    round_one, square_one = column[COMMUNE] * step, (column.total() - column[COMMUNE]) * step
    shapes = ""
    if round_one:
        y = short(BASE - 1 - round_one)
        shapes += (
            f'<rect x="{x}" y="{y}" width="{wide}" height="{short(round_one)}" rx="3" class="{colour}"/>'
        )
    if square_one:
        y = short(BASE - 2 - round_one - square_one)
        shapes += f'<rect x="{x}" y="{y}" width="{wide}" height="{short(square_one)}" class="{colour}"/>'
    return shapes


def distribution(clients: Clients, label: str) -> Svg:
    """Clients by risk: circles for communes, squares for enterprises, rounded and square bars beyond 300.

    Args:
        clients: pairs (risk, `commune` or `enterprise`), or the number of clients for each such pair.
        label: the counts in words, by level.
    """
    columns = _columns(clients)
    tallest = max(column.total() for column in columns)
    many = tallest > TALLEST_IN_DOTS or sum(column.total() for column in columns) > 300
    step = min(ROOM / max(tallest, 1), ROOM if many else 9)
    draw = _bars if many else _dots
    lines = "".join(f'<path d="M{LEFT + 98 * i} 2V{HEIGHT}" class="ma-s-line"/>' for i in (1, 2, 3))
    axis = f'<path d="M{LEFT} {BASE}H{WIDTH - LEFT}" class="ma-s-strong"/>'
    body = "".join(draw(index, column, step) for index, column in enumerate(columns) if column)
    return drawing(WIDTH, HEIGHT, lines + axis + body, label)
