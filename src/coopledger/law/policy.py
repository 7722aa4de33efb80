"""What governs one book on one day: law, then federation, then the co-op's own choice.

Each layer's value may bind the layers above it.  A year is evaluated under the values
in force on its last day, so that a later change never rewrites history.  Some choices
have to stand before the year begins, as the obligation behind a patronage dividend does
(26 U.S.C. 1388(a)(2)): of those the ones of the first day or earlier count.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.kinds import caps_of
from coopledger.domain.periods import FiscalYearEnd
from coopledger.errors import NoPolicyError
from coopledger.errors import ParameterMistypedError
from coopledger.errors import ParameterUndatedError
from coopledger.errors import ParameterUndecidedError
from coopledger.errors import ParameterUnknownError
from coopledger.law.parameter import Source
from coopledger.law.preset import load_preset
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from coopledger.domain.books import ParameterChoice
    from coopledger.domain.books import PolicyChoice
    from coopledger.domain.books import Value
    from coopledger.law.parameter import Bound
    from coopledger.law.parameter import DatedValue
    from coopledger.law.parameter import Parameter
    from coopledger.law.preset import MemberClass
    from coopledger.law.preset import Preset

#: Layers of choices in the book itself, the weaker first.
LEVELS = ("federation", "statutes")


@dataclass(frozen=True, slots=True)
class Setting:
    """The value of a parameter on a day, with who set it and by what text.

    Attributes:
        name: The parameter.
        value: Its value.
        level: ``law``, ``federation`` or ``statutes``.
        sources: The texts or resolutions behind it.
        dated: The preset's record that applies, whoever set the value in the end.
    """

    name: str
    value: Value
    level: str
    sources: tuple[str, ...]
    dated: DatedValue


@dataclass(slots=True)
class Policy:
    """All that governs a book, over time.

    Attributes:
        book: Title of the book, for messages.
        policies: Presets by date, in order.
        choices: Own parameters by date, in order.
        year_end: When fiscal years end.
        founded: First cooperative date of the book; what is chosen in that year holds
            for it.
        enterprise: Id of an enterprise of the federation whose book it is, for what was
            decided for that one alone; "" for what holds for all.
    """

    book: str
    policies: Sequence[PolicyChoice]
    choices: Sequence[ParameterChoice]
    year_end: FiscalYearEnd = field(default_factory=FiscalYearEnd)
    founded: datetime.date | None = None
    enterprise: str = ""
    _settings: dict[tuple[str, datetime.date], Setting | None] = field(
        default_factory=dict, repr=False
    )

    def for_enterprise(self, enterprise: str) -> Policy:
        """Return a federation's policy as it holds for one of its enterprises."""
        return replace(self, enterprise=enterprise, _settings={})

    def preset_on(self, on: datetime.date) -> Preset:
        """Return the preset in force on a day; before the first one, the first.

        Raises:
            NoPolicyError: The book names none at all.
        """
        if not self.policies:
            raise NoPolicyError(self.book)
        chosen = self.policies[0]
        for choice in self.policies:
            if choice.date <= on:
                chosen = choice
        return load_preset(chosen.preset)

    def jurisdiction_on(self, on: datetime.date) -> str:
        """Return whose law is in force on a day, such as ``us``; "" without any.

        The presets of a jurisdiction stand in a folder of their own.
        """
        if not self.policies:
            return ""
        folder = self.preset_on(on).layers[0].path.parent.name
        return "" if folder == "custom" else folder

    def changes(self, start: datetime.date, end: datetime.date) -> bool:
        """Say whether a preset begins after the first day and up to the last."""
        return any(start < choice.date <= end for choice in self.policies)

    @property
    def presets(self) -> list[Preset]:
        """All presets that ever governed the book, in order."""
        return [load_preset(choice.preset) for choice in self.policies]

    def find(self, name: str, on: datetime.date) -> Setting | None:
        """Return the setting of a parameter, or None where `setting` would raise."""
        key = (name, on)
        if key not in self._settings:
            self._settings[key] = self._found(name, on)
        return self._settings[key]

    def _found(self, name: str, on: datetime.date) -> Setting | None:
        # Asked first, because the error would look for the nearest name.
        if self.preset_on(on).parameter(name) is None:
            return None
        try:
            return self._decided(name, on)
        except (
            ParameterMistypedError,
            ParameterUndatedError,
            ParameterUndecidedError,
        ):
            return None

    def setting(self, name: str, on: datetime.date) -> Setting:
        """Return the setting of a parameter on a day.

        Raises:
            ParameterUnknownError: The preset in force has no such parameter.
            ParameterUndatedError: It has no value on that day.
            ParameterUndecidedError: The law leaves it to the co-op, which is silent.
            ParameterMistypedError: The co-op's own choice is not of the right kind.
        """
        # Steps ask again for each member.
        return self.find(name, on) or self._decided(name, on)

    def _decided(self, name: str, on: datetime.date) -> Setting:
        level, parameter = self._parameter(name, on)
        dated = parameter.dated(on)
        choice = self._choice(name, self._chosen_until(name, on))
        if choice is not None:
            misfit = parameter.misfit(choice.value, choice.currency)
            if misfit:
                raise ParameterMistypedError(misfit, on)
            sources = (_of_choice(choice), *_preset_source(dated))
            return Setting(name, choice.value, choice.level, sources, dated)
        if dated.value is None:
            raise ParameterUndecidedError(name, on, parameter.title)
        return Setting(name, dated.value, level, _preset_source(dated), dated)

    def _parameter(self, name: str, on: datetime.date) -> tuple[str, Parameter]:
        """Return a parameter from the highest layer that knows it on a day."""
        preset = self.preset_on(on)
        found = [
            (layer.level, layer.parameters[name])
            for layer in reversed(preset.grounds)
            if name in layer.parameters
        ]
        if not found:
            raise ParameterUnknownError(name, preset.id, preset.known)
        return next((one for one in found if one[1].holds_on(on)), found[-1])

    def number(self, name: str, on: datetime.date) -> Decimal:
        """Return a parameter that is a number; see `setting` for the errors."""
        value = self.setting(name, on).value
        if not isinstance(value, Decimal):
            misfit = Phrase(
                "'{name}' is no number but '{value}'", name=name, value=value
            )
            raise ParameterMistypedError(misfit, on)
        return value

    def find_number(self, name: str, on: datetime.date) -> Decimal | None:
        """Return a parameter that is a number, or None."""
        setting = self.find(name, on)
        value = setting.value if setting else None
        return value if isinstance(value, Decimal) else None

    def interest_cap(self, on: datetime.date) -> Decimal | None:
        """Return the highest rate of interest that capital may earn, if there is one.

        Of several caps the lowest counts.
        """
        rates = RatesOn(self, on)
        steps = self.preset_on(on).surplus if self.policies else ()
        caps = [
            cap
            for step in steps
            if step.kind == "interest"
            for cap in caps_of(step, rates)
        ]
        return min(caps, default=None)

    def text(self, name: str, on: datetime.date, default: str) -> str:
        """Return a parameter that is a word, or the default."""
        setting = self.find(name, on)
        return str(setting.value) if setting else default

    def bounds(self, name: str, on: datetime.date, below: str) -> list[Bound]:
        """Return the bounds that all levels above one put on a parameter.

        Args:
            name: The parameter.
            on: The day.
            below: The level that chooses: ``federation`` or ``statutes``.

        Returns:
            The bounds of the presets' layers, and of the federation's own choice where
            a co-op chooses below it.
        """
        bounds = []
        for layer in self.preset_on(on).grounds:
            is_own = layer.level == below == "federation"
            parameter = None if is_own else layer.parameters.get(name)
            if parameter and parameter.holds_on(on):
                bounds.append(parameter.bound_on(on))
        bounds += self._federation_bounds(name, on) if below == "statutes" else []
        return bounds

    def _federation_bounds(self, name: str, on: datetime.date) -> list[Bound]:
        parameter = self.preset_on(on).parameter(name)
        chosen = self.choice_of(name, on, "federation")
        if parameter is None or chosen is None:
            return []
        if parameter.misfit(chosen.value, chosen.currency):
            return []
        return [parameter.bound_by(chosen.value, Source(_of_choice(chosen), "", ""))]

    def choice_of(
        self, name: str, on: datetime.date, level: str
    ) -> ParameterChoice | None:
        """Return the last choice that one level made of a parameter by a day."""
        made = [
            choice
            for choice in self.choices
            if choice.name == name
            and choice.level == level
            and choice.date <= on
            and choice.enterprise in {"", self.enterprise}
        ]
        return made[-1] if made else None

    def classes_on(self, on: datetime.date) -> dict[str, MemberClass]:
        """Return the classes of members on a day."""
        return self.preset_on(on).classes

    def class_on(self, name: str, on: datetime.date) -> MemberClass | None:
        """Return a class of members; an unnamed one is the preset's first."""
        classes = self.classes_on(on)
        return classes.get(name or next(iter(classes), ""))

    def _chosen_until(self, name: str, on: datetime.date) -> datetime.date:
        """Return the last day on which a choice could be made to hold on a day."""
        preset = self.preset_on(on)
        known = [layer.parameters.get(name) for layer in preset.layers]
        if not any(parameter.before_year for parameter in known if parameter):
            return on
        year = self.year_end.year_of(on)
        is_first = self.founded is not None and self.founded in year
        return on if is_first else year.start

    def _choice(self, name: str, on: datetime.date) -> ParameterChoice | None:
        found: ParameterChoice | None = None
        for choice in self.choices:
            if (
                choice.name == name
                and choice.date <= on
                and choice.enterprise in {"", self.enterprise}
                and _outranks(choice, found)
            ):
                found = choice
        return found


def _outranks(choice: ParameterChoice, other: ParameterChoice | None) -> bool:
    if other is None:
        return True
    return _rank(choice) >= _rank(other)


def _rank(choice: ParameterChoice) -> tuple[bool, int]:
    """What was decided for one enterprise alone goes before what holds for all."""
    return bool(choice.enterprise), LEVELS.index(choice.level)


def _of_choice(choice: ParameterChoice) -> Phrase:
    if choice.level == "federation":
        said = Phrase("the federation's rules of {day}", day=choice.date)
    else:
        said = Phrase("the co-op's by-laws of {day}", day=choice.date)
    if not choice.resolution:
        return said
    return Phrase("{choice} by {decision}", choice=said, decision=choice.resolution)


def _preset_source(dated: DatedValue) -> tuple[str, ...]:
    source = str(dated.source)
    if dated.confidence == "background":
        return (Phrase("{source} (background)", source=source),)
    if dated.confidence == "secondary":
        return (Phrase("{source} (secondary)", source=source),)
    return (source,)


@dataclass(frozen=True, slots=True)
class RatesOn:
    """The parameters of a policy on one day, as the steps ask for them."""

    policy: Policy
    on: datetime.date

    def number(self, name: str) -> Decimal:
        """Return a parameter that is a number."""
        return self.policy.number(name, self.on)

    def text(self, name: str) -> str:
        """Return a parameter that is a word."""
        return str(self.policy.setting(name, self.on).value)

    def is_decided(self, name: str) -> bool:
        """Say whether a parameter has a value on the day."""
        return self.policy.find(name, self.on) is not None

    def switch(self, name: str) -> bool:
        """Return a parameter that is true or false."""
        return self.policy.setting(name, self.on).value is True

    def sources(self, name: str) -> tuple[str, ...]:
        """Return the texts that the value rests on."""
        setting = self.policy.find(name, self.on)
        return setting.sources if setting else ()
