"""What happens to the rules of the site, in words, one line each. Who and when stand beside it."""

from app.domain.site.site_facts import SiteEvent
from app.domain.texts import Text, parts


def describe_site(event: SiteEvent) -> Text:
    """What happened, in one line."""
    assert event.sentence is not None
    values = {name: getattr(event, name) for name in event.__struct_fields__}
    if "value_before" in values:
        values |= {name: values[name] or "—" for name in ("value_before", "value_now")}
    return parts(Text(event.sentence.msgid, values), *event.further())
