"""What can be asked about what works now, and how long a trouble will last."""

from typing import Annotated

from fastapi import Query

from app.domain.service import Capability
from app.web.api.alternatives import (
    AlternativesOut,
    CapabilitiesOut,
    capabilities_out,
    instead_out,
    working_out,
)
from app.web.api.estimates import EstimatesOut, estimates_out
from app.web.api.operations.given import TheSite
from app.web.problems import FieldError


def alternatives(
    site: TheSite,
    capability: Annotated[
        Capability | None, Query(description="What is wanted. Either this or `service` is needed.")
    ] = None,
    service: Annotated[
        str | None,
        Query(description="The id of a service to be replaced, in all that it is for or only in `capability`."),
    ] = None,
    avoided: Annotated[
        tuple[str, ...],
        Query(alias="not", max_length=100, description="The id of a service not to be offered; may be repeated."),
    ] = (),
) -> AlternativesOut:
    """What works now, the best first, with the reasons: up by its own evidence, and never an unknown."""
    replaced = (*((service,) if service is not None else ()), *avoided)
    for each in replaced:
        site.service(each)
    if capability is not None:
        return working_out(site.board, capability, replaced, is_simulated=site.is_simulated)
    if service is None:
        sentence = "Say which `capability` is wanted, or which `service` is to be replaced."
        raise FieldError("capability", sentence)
    return instead_out(site.board, service, avoided, is_simulated=site.is_simulated)


def capabilities(site: TheSite) -> CapabilitiesOut:
    """Everything that services are for, who has it, and who of them works now."""
    return capabilities_out(site.board, is_simulated=site.is_simulated)


def estimates(site: TheSite) -> EstimatesOut:
    """How long every trouble will probably last, and how good such estimates have been."""
    return estimates_out(site.board, is_simulated=site.is_simulated)
