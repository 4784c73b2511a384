from .network import ClipIt as ClipIt
from .network_config import ClipItConfig as ClipItConfig
