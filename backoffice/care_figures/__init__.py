"""Figures of domestic work by the day they hold on, what is due by them, and the rules of the register.

Codes that sentences are made for:

* level reasons: `levels.LevelReason`; steps: `steps.StepCode`; verdicts: `client.schemas.PayVerdict`.
* unknown in a minimum: `level`, `trained`, `company_with_others`, the name of the table that has no such cell
  (`live_in_month`, `hour`, `reduced_month`, `night_care_month`, `night_presence_month`, `rest_cover_hour`),
  `indemnity`, `seniority`, `seniority_base`, `uni_11766_eur_month`, `uni_11766_eur_hour`, `overtime`,
  `night_care_living_in`, `board_in_money`, `month_days`; on the wire also background figures:
  `seniority_most`.
* unknown in what is due beside it: `thirteenth`, `holidays`, `severance`, `contributions`,
  `contribution_board`, `contribution_worker`, `cassacolf`.
* unknown in a notice: `notice`, `notice_keeper_years`, `notice_keeper_worker`, `notice_keeper_maternity`.
* the register: `eligibility.EligibilityRule`, `RuleState`, `RuleReason`, `Paper`.
"""
