from .formats import FORMATS as FORMATS
from .formats import Format as Format
from .options import ExportOptions as ExportOptions
from .run import export_items as export_items
from .types import ExportItem as ExportItem
from .types import ExportReport as ExportReport
from .types import Failure as Failure
from .types import Written as Written
