"""What can be asked of ourselves."""

from app.web.api.operations.given import TheSite
from app.web.api.own import HealthOut, health_out
from app.web.health import reasons_against


async def health(site: TheSite) -> HealthOut:
    """How we are ourselves: ready or not and why, lateness, our network, storing, and what models cost."""
    return health_out(site.keeper.board, await reasons_against(site), is_simulated=site.is_simulated)
