"""{% piece … %}: a part of a page that is made once for all who are signed in."""

from django import template

from feedback.views.marks import FRAME, HOLE, TOKEN

register = template.Library()

MOST = 500  # pieces of one page


@register.tag
def piece(parser, token):
    """{% piece "name" key… %}…{% endpiece %}: what stands within says the same to everybody for whom the keys are
    the same, but for the tokens of its forms. With a key that is None, or where the page keeps no `pieces`, it is
    made anew. Where the page is made as a frame, a piece with keys leaves a hole."""
    _name, *keys = token.split_contents()
    nodelist = parser.parse(("endpiece",))
    parser.delete_first_token()
    return Piece(nodelist, [parser.compile_filter(key) for key in keys])


class Piece(template.Node):
    def __init__(self, nodelist, keys):
        self.nodelist, self.keys = nodelist, keys

    def render(self, context):
        pieces = context.get("pieces")
        if pieces is None:
            return self.nodelist.render(context)
        key = tuple(each.resolve(context) for each in self.keys)
        if None in key:
            return self.nodelist.render(context)
        text = pieces.get(key)
        if text is None:
            with context.push(**{"csrf_token": TOKEN, FRAME: None}):
                text = self.nodelist.render(context)
            if len(pieces) < MOST:
                pieces[key] = text
        holes = context.get(FRAME)
        if holes is not None and len(key) > 1:
            holes.append(key)
            return HOLE
        return text.replace(TOKEN, str(context["csrf_token"])) if TOKEN in text else text
