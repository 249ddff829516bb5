"""The style sheet of the whole program, made from one theme."""

from .tokens import RADIUS, TARGET, Theme

_BASE = """
QWidget {{ color: {text}; }}
QMainWindow, QDialog, QWidget[ground="page"] {{ background: {ground}; }}
QDialog {{ border: 2px solid {edge}; }}
QWidget[ground="rail"] {{ background: {card}; border-right: 1px solid {line}; }}
QLabel {{ background: transparent; border: none; }}
QLabel[tone="quiet"] {{ color: {quiet}; }}
QLabel[tone="accent"] {{ color: {accent}; }}
QFrame[card="true"] {{ background: {card}; border: 1px solid {line}; border-radius: {radius}px; }}
QFrame[card="raised"] {{ background: {card}; border: 1px solid {edge}; border-radius: {radius}px; }}
QLabel[chip="true"] {{ background: {accent_soft}; color: {text}; border: 1px solid {accent};
    border-radius: {radius}px; padding: 4px 8px; }}
QToolTip {{ background: {text}; color: {card}; border: 1px solid {edge}; padding: 4px 8px; }}
QScrollArea, QAbstractScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[ground="clear"] {{ background: transparent; }}
"""

_BUTTONS = """
QPushButton {{ background: {card}; color: {text}; border: 2px solid {line}; border-radius: {radius}px;
    padding: 4px 16px; min-height: {inner}px; }}
QPushButton {{ outline: none; }}
QPushButton:hover {{ background: {sunken}; border-color: {edge}; }}
QPushButton:pressed, QPushButton:checked {{ background: {accent_soft}; border-color: {accent}; }}
QPushButton:focus {{ border-color: {accent}; background: {accent_soft}; }}
QPushButton:disabled {{ background: {sunken}; color: {quiet}; border: 2px dashed {line}; }}
QPushButton[role="primary"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton[role="primary"]:hover {{ background: {accent_strong}; border-color: {accent_strong}; }}
QPushButton[role="primary"]:focus {{ border-color: {text}; }}
QPushButton[role="primary"]:disabled {{ background: {sunken}; color: {quiet}; border-color: {line}; }}
QPushButton[role="reaction"] {{ background: {reaction}; color: {on_reaction}; border-color: {reaction}; }}
QPushButton[role="reaction"]:hover {{ background: {reaction_hover}; border-color: {reaction_hover}; }}
QPushButton[role="reaction"]:focus {{ border-color: {text}; }}
QPushButton[role="ghost"] {{ background: transparent; border-color: transparent; }}
QPushButton[role="ghost"]:hover {{ background: {sunken}; }}
QPushButton[role="ghost"]:focus {{ border-color: {accent}; }}
QPushButton[role="pill"] {{ background: {sunken}; border: 2px solid {line}; border-radius: {radius}px;
    padding: 0 8px; min-width: {target_pill}px; min-height: {target_inner}px; }}
QPushButton[role="pill"]:checked {{ background: {accent_soft}; border-color: {accent}; }}
QPushButton[role="pill"]:focus {{ border-color: {text}; }}
QPushButton[role="toggle"] {{ text-align: left; padding-left: 44px; min-height: 44px; }}
QPushButton[role="toggle"]:focus {{ background: {card}; border-color: {text}; }}
QPushButton[role="toggle"]:checked:focus {{ background: {accent_soft}; }}
QPushButton[role="key"] {{ min-height: 44px; padding: 4px 8px; }}
"""

_INPUTS = """
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {{ background: {card}; color: {text};
    border: 2px solid {edge}; border-radius: {radius}px; padding: 4px 8px; min-height: {inner}px;
    selection-background-color: {accent}; selection-color: {on_accent}; placeholder-text-color: {quiet}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    border-color: {accent}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    background: {sunken}; color: {quiet}; border: 2px dashed {line}; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {sunken}; border-color: {line}; }}
QLineEdit[narrow="true"] {{ padding: 4px 2px; }}
QLineEdit[refused="true"] {{ border-color: {text}; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0 8px; min-height: 0; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QComboBox::drop-down {{ border: none; width: 32px; }}
QComboBox::down-arrow {{ image: url("{icons}/down-{name}.svg"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{ background: {card}; color: {text}; border: 1px solid {edge}; outline: none;
    selection-background-color: {accent_soft}; selection-color: {text}; }}
QComboBox QAbstractItemView::item {{ min-height: {target}px; padding: 0 8px; }}
QCheckBox, QRadioButton {{ background: transparent; min-height: {target}px; spacing: 8px;
    border: 2px solid transparent; border-radius: {radius}px; padding: 0 4px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {accent}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {quiet}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 22px; height: 22px; border: 2px solid {edge};
    background: {card}; border-radius: 6px; }}
QRadioButton::indicator {{ border-radius: 13px; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url("{icons}/tick-{name}.svg"); }}
QRadioButton::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url("{icons}/dot-{name}.svg"); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {sunken};
    border-color: {line}; }}
"""

_LISTS = """
QTableView, QListView, QTreeView {{ background: transparent; color: {text}; border: none; outline: none;
    gridline-color: {line}; selection-background-color: {accent_soft}; selection-color: {text};
    alternate-background-color: {sunken}; }}
QTableView::item {{ border-bottom: 1px solid {line}; padding: 0 5px; }}
QTableView::item:selected, QListView::item:selected {{ background: {accent_soft}; color: {text}; }}
QTableView:focus, QListView:focus {{ border: 2px solid {accent}; border-radius: {radius}px; }}
QHeaderView, QHeaderView::section {{ background: transparent; color: {quiet}; border: none; }}
QHeaderView::section {{ border-bottom: 1px solid {line}; padding: 4px 8px; }}
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: 14px; }}
QScrollBar:horizontal {{ height: 14px; }}
QScrollBar::handle {{ background: {edge}; border-radius: 4px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: {target}px; }}
QScrollBar::handle:horizontal {{ min-width: {target}px; }}
QScrollBar::handle:hover {{ background: {quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {sunken}; border: 1px solid {line}; border-radius: 6px; min-height: 12px;
    max-height: 12px; text-align: center; color: transparent; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 5px; }}
QTabBar::tab {{ background: transparent; color: {quiet}; border-bottom: 3px solid transparent;
    min-height: 40px; padding: 0 16px; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar::tab:focus {{ border-bottom-color: {text}; }}
QTabWidget::pane {{ border: none; }}
QMenu {{ background: {card}; border: 1px solid {edge}; padding: 4px; }}
QMenu::item {{ min-height: {target}px; padding: 0 16px; border-radius: 6px; }}
QMenu::item:selected {{ background: {accent_soft}; }}
"""


def stylesheet(theme: Theme, icons: str) -> str:
    """The style sheet of `theme`; `icons` is the folder of the small pictures it names, with `/`."""
    names = theme._asdict()
    inner = {"inner": TARGET - 12, "target_inner": TARGET - 4, "target_pill": TARGET - 20}
    lengths = {"radius": RADIUS, "target": TARGET, "icons": icons, **inner}
    return (_BASE + _BUTTONS + _INPUTS + _LISTS).format_map(names | lengths)
