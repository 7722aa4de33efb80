"""The rule book: one rule, one small function, one visible list."""

from __future__ import annotations

from coopledger.rules import allotments
from coopledger.rules import appropriation
from coopledger.rules import bookkeeping
from coopledger.rules import boxes
from coopledger.rules import capital
from coopledger.rules import carrying
from coopledger.rules import contributions
from coopledger.rules import distribution
from coopledger.rules import entry
from coopledger.rules import exits
from coopledger.rules import filings
from coopledger.rules import funds
from coopledger.rules import holdings
from coopledger.rules import hours
from coopledger.rules import interest
from coopledger.rules import language
from coopledger.rules import losses
from coopledger.rules import lossparts
from coopledger.rules import membership
from coopledger.rules import newcomers
from coopledger.rules import notices
from coopledger.rules import patrons
from coopledger.rules import pay
from coopledger.rules import policy
from coopledger.rules import pooling
from coopledger.rules import prudence
from coopledger.rules import redemptions
from coopledger.rules import refunds
from coopledger.rules import reserves
from coopledger.rules import resolutions
from coopledger.rules import revaluation
from coopledger.rules import settlements
from coopledger.rules import solidarity
from coopledger.rules import tax
from coopledger.rules import transfers
from coopledger.rules.rule import Rule
from coopledger.rules.rule import run

__all__ = ["LANGUAGE", "RULES", "Rule", "run"]

#: Rules on the text itself; they run even where no law is named yet.
LANGUAGE: tuple[Rule, ...] = (
    language.words_are_known,
    language.top_level_lines_stand_at_the_top,
    language.patronage_is_measurable,
    language.accounts_and_templates_meet,
    language.a_day_says_one_thing,
    language.no_tax_number_stands_in_the_book,
    policy.a_policy_governs,
    bookkeeping.capital_is_never_padded,
    bookkeeping.one_currency,
    bookkeeping.whatever_counts_has_a_price,
)

#: All rules, theme by theme.
RULES: tuple[Rule, ...] = (
    *LANGUAGE,
    policy.parameters_exist,
    policy.bylaws_never_undercut_the_law,
    policy.distributed_years_can_be_worked_out,
    policy.choices_name_resolutions_on_file,
    policy.only_practice_is_switched_off,
    policy.every_basis_has_its_share,
    membership.entry_fee_is_no_capital,
    membership.register_makes_sense,
    membership.classes_are_known,
    membership.one_member_has_one_vote,
    entry.entry_fee_stays_within_its_share,
    entry.probation_costs_nothing,
    entry.probation_ends_in_time,
    capital.capital_is_never_negative,
    capital.every_capital_account_is_a_members,
    capital.accounts_add_up_to_net_worth,
    capital.nobody_is_paid_more_than_is_owed,
    contributions.capital_passes_to_members_and_heirs,
    contributions.a_part_is_paid_on_subscription,
    contributions.contributions_are_paid_in_time,
    contributions.agreed_instalments_are_paid,
    contributions.voluntary_contributions_are_paid_at_once,
    holdings.nobody_holds_too_much_of_the_capital,
    newcomers.newcomers_pay_no_more_than_the_eldest,
    holdings.what_losses_took_is_made_good,
    holdings.capital_recovers_its_minimum,
    capital.capital_stands_where_its_refund_puts_it,
    exits.deductions_stay_within_their_limit,
    exits.deductions_spare_voluntary_capital,
    exits.leavers_are_repaid_in_time,
    exits.refunds_are_paid_by_yearly_parts,
    settlements.deferred_refunds_earn_interest,
    settlements.agreed_instalments_are_paid,
    settlements.settled_accounts_are_not_revalued,
    settlements.nothing_is_kept_without_notice,
    refunds.the_oldest_request_is_paid_first,
    refunds.whoever_was_refused_earns_interest,
    redemptions.the_oldest_year_is_redeemed_first,
    redemptions.capital_is_repaid_by_the_solvent,
    bookkeeping.movements_have_one_kind,
    bookkeeping.sealed_years_stay,
    appropriation.appropriations_add_up,
    appropriation.parts_are_split_exactly,
    distribution.patronage_goes_to_members,
    appropriation.patronage_is_proportional,
    allotments.prior_losses_come_first,
    allotments.reserves_get_what_the_bylaws_give,
    distribution.a_distribution_is_called_one,
    distribution.a_year_is_distributed_whole,
    distribution.a_surplus_goes_where_it_may,
    distribution.only_ended_years_are_distributed,
    distribution.nobody_gets_a_year_twice,
    resolutions.a_resolution_comes_first,
    prudence.what_the_bylaws_keep_is_not_paid_out,
    prudence.weak_years_are_not_distributed_as_usual,
    reserves.mandatory_reserve_is_fed,
    reserves.education_fund_is_fed,
    reserves.indivisible_stays_indivisible,
    reserves.education_fund_is_no_equity,
    reserves.fines_go_to_the_education_fund,
    funds.reserve_gets_its_part_of_each_result,
    funds.education_money_is_spent_in_time,
    funds.whatever_the_law_feeds_is_fed,
    funds.returns_stay_within_a_part_of_pay,
    interest.interest_stays_near_the_legal_rate,
    interest.interest_stays_below_the_own_cap,
    interest.interest_comes_out_of_a_result,
    revaluation.capital_follows_prices_and_no_more,
    revaluation.losses_come_before_revaluation,
    interest.weak_balance_sheets_pay_no_interest,
    interest.interest_above_the_basic_rate_is_taxed,
    losses.reserve_bears_its_average,
    lossparts.members_bear_losses_by_activity,
    losses.nobody_loses_more_than_their_capital,
    losses.losses_add_up,
    losses.reserves_never_go_negative,
    lossparts.members_bear_the_part_of_the_bylaws,
    carrying.losses_are_not_carried_for_ever,
    pay.pay_ratio_stays_within_its_cap,
    hours.pay_says_its_hours,
    hours.hours_are_possible,
    pay.advances_reach_the_minimum_wage,
    pay.who_works_is_advanced_monthly,
    pay.pay_stays_near_the_sector,
    pay.hired_labour_stays_within_its_share,
    pay.business_with_others_stays_the_smaller_part,
    transfers.transfers_say_what_they_are,
    transfers.natures_fit_their_accounts,
    transfers.ids_are_used_once,
    transfers.dues_are_of_the_peer,
    pooling.pools_add_up_to_nothing,
    transfers.exceptions_are_decided,
    solidarity.losses_feed_no_fund,
    solidarity.funds_get_their_part,
    solidarity.aid_stays_below_its_cap,
    solidarity.aid_does_not_go_in_circles,
    pooling.pooling_is_part_of_the_result,
    tax.patronage_comes_from_members_labour,
    tax.qualified_notices_pay_their_cash,
    tax.patronage_is_paid_in_time,
    notices.qualified_notices_rest_on_consent,
    notices.retains_are_units_times_a_fixed_rate,
    patrons.qualified_checks_are_cashed_in_time,
    patrons.the_coop_deducts_what_was_paid,
    patrons.backup_withholding_is_withheld,
    tax.netting_is_told_to_patrons,
    filings.who_is_paid_has_a_form,
    filings.redeemed_paper_is_on_the_form,
    boxes.boxes_hold_what_they_mean,
    filings.a_form_is_of_the_year_of_payment,
    filings.patrons_forms_are_for_subchapter_t,
)
