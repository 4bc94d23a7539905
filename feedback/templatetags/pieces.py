"""{% piece … %}: a part of a page that is made once for all who are signed in."""

from django import template

register = template.Library()

# Stands for a form's token, which each reader has of their own.
TOKEN = "token-of-the-reader"  # noqa: S105
MOST = 500  # pieces of one page


@register.tag
def piece(parser, token):
    """{% piece "name" key… %}…{% endpiece %}: what stands within says the same to everybody for whom the keys are
    the same, but for the tokens of its forms. With a key that is None, or where the page keeps no `pieces`, it is
    made anew."""
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
            with context.push(csrf_token=TOKEN):
                text = self.nodelist.render(context)
            if len(pieces) < MOST:
                pieces[key] = text
        return text.replace(TOKEN, str(context["csrf_token"])) if TOKEN in text else text
