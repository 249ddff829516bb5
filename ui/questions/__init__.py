"""What is asked: one file a chapter of the infusion's story, as in `app/domain/infusion/chapters`.

What opens a question is named `ask_` and the command that the answer becomes: `ask_pause` leads to `Pause`, `ask_take_down_bag`
to `TakeDownBag`. A question without a command of its own says what it asks for (`ask_new_person`); what only shows something is
named `show_`. Which of them a task or a button of the dock opens is said in `actions` alone.
"""
