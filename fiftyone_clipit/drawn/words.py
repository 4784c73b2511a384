"""The words for what the drawn world has."""

from __future__ import annotations

OBJECT_WORDS: dict[str, tuple[str, ...]] = {
    "ball": ("ball", "ball", "circle", "disc", "sphere"),
    "square": ("square", "square", "box"),
    "triangle": ("triangle", "triangle", "pyramid"),
    "star": ("star",),
    "heart": ("heart", "heart", "heart shape"),
    "cross": ("cross", "cross", "plus sign"),
    "ring": ("ring", "ring", "hoop"),
    "arrow": ("arrow",),
    "diamond": ("diamond", "diamond", "gem", "jewel"),
    "moon": ("moon", "moon", "crescent", "crescent moon"),
    "tree": ("tree",),
    "house": ("house", "house", "home", "cottage"),
    "car": ("car", "car", "automobile"),
    "boat": ("boat", "boat", "sailboat", "ship"),
    "fish": ("fish",),
    "cup": ("cup", "cup", "mug"),
    "flower": ("flower",),
    "umbrella": ("umbrella", "umbrella", "parasol"),
    "face": ("face", "face", "smiley", "smiling face"),
    "balloon": ("balloon",),
    "butterfly": ("butterfly",),
    "mushroom": ("mushroom", "mushroom", "toadstool"),
    "rocket": ("rocket", "rocket", "spaceship"),
    "cat": ("cat", "cat", "kitten"),
}
"""What each object is called; a word that stands twice is used more often."""

COLOUR_WORDS: dict[str, tuple[str, ...]] = {
    "purple": ("purple", "purple", "violet"),
    "grey": ("grey", "gray"),
    "turquoise": ("turquoise", "turquoise", "teal", "cyan"),
}
"""Colours that have more names than their own."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "ball": ("rolling", "bouncing"),
    "car": ("driving", "parked", "standing"),
    "boat": ("sailing", "floating"),
    "fish": ("swimming",),
    "balloon": ("floating", "flying"),
    "butterfly": ("flying", "fluttering"),
    "rocket": ("flying", "launching"),
    "cat": ("sitting", "waiting"),
    "flower": ("growing", "blooming"),
    "tree": ("growing", "standing"),
    "mushroom": ("growing",),
    "house": ("standing",),
    "face": ("smiling",),
    "star": ("shining",),
    "moon": ("shining",),
}

PLACES: dict[str, tuple[str, ...]] = {
    "grass": ("on the grass", "on grass", "in a meadow", "in a green field", "on a lawn", "in a grassy place"),
    "snow": ("on the snow", "in the snow", "in snow", "in winter", "in a snowy place", "on a snowy day"),
    "night": ("at night", "in the night", "in the dark", "under the night sky", "on a dark night"),
    "water": ("on the water", "on water", "in the sea", "at sea", "on the ocean", "in the water"),
    "brick": ("on a brick wall", "in front of a brick wall", "against bricks", "before a wall of bricks"),
    "desert": ("in the desert", "on the sand", "on sand", "in the dunes", "in a sandy desert"),
    "forest": ("in the forest", "in a forest", "in the woods", "among tree trunks", "in a dark wood"),
    "sky": ("in the sky", "in the blue sky", "among clouds", "in the air", "in front of clouds"),
    "city": ("in the city", "in a city street", "on a street", "in town", "among buildings", "on the road"),
    "room": ("in a room", "indoors", "at home", "inside a house", "in a living room", "on a wooden floor"),
    "space": ("in space", "in outer space", "in the universe", "near a planet", "in a galaxy"),
    "sunset": ("at sunset", "in the evening", "at dusk", "in front of a sunset", "in evening light"),
}
"""Where something is, by setting."""

SCENERY: dict[str, tuple[str, ...]] = {
    "grass": ("grass", "a meadow", "a green field", "a lawn"),
    "snow": ("snow", "a snowy landscape", "winter", "a snowy day", "falling snow"),
    "night": ("night", "a dark night", "the night sky", "darkness"),
    "water": ("water", "the sea", "the ocean", "waves", "blue water"),
    "brick": ("a brick wall", "bricks", "a wall"),
    "desert": ("a desert", "sand", "sand dunes", "the desert"),
    "forest": ("a forest", "the woods", "woods", "tree trunks"),
    "sky": ("the sky", "clouds", "the blue sky", "sky with clouds"),
    "city": ("a city", "a city street", "a street", "buildings", "a town", "a road"),
    "room": ("a room", "an indoor room", "a living room", "a room with a window"),
    "space": ("space", "outer space", "the universe", "a galaxy"),
    "sunset": ("a sunset", "the sunset", "dusk", "an evening sky"),
}
"""The setting itself."""

NEUTRAL: tuple[str, ...] = (
    *("a photo", "a photo.", "a photo of something", "a photo of something.", "a picture", "a picture of something"),
    *("an image", "an image.", "an image of something", "a video frame", "a video frame.", "a frame from a video"),
    *("a frame of a video", "a scene", "a video", "a snapshot", "a still from a video", "a drawing", "a picture."),
    *("a photo of a thing", "a photo of things", "something", "anything", "a photo of an object", "an ordinary photo"),
    *("a random picture", "a random frame", "a scene from a video", "a photo of a scene", "a screenshot"),
    *("a photo of the background", "an ordinary scene", "a typical photo", "a blurry photo", "a close-up photo"),
    *("a photo of nothing in particular", "nothing in particular", "a still image", "some scenery", "a view"),
    *("a video frame of something", "footage", "a clip", "a moment in a video", "a cartoon", "an illustration"),
)
"""Sentences that fit every picture about equally."""

TEMPLATES: tuple[str, ...] = (
    *("{}", "{}", "{}", "{}.", "a photo of {}", "a photo of {}.", "a picture of {}", "an image of {}"),
    *("a video frame of {}", "a frame of a video of {}", "a drawing of {}", "a video of {}", "photo of {}"),
    *("there is {}", "this is {}", "a scene with {}", "a scene of {}", "{} in a video", "a close-up of {}"),
    *("a cropped photo of {}", "a good photo of {}", "a blurry photo of {}", "a bright photo of {}"),
    *(
        "a video frame with {}",
        "show me {}",
        "find {}",
        "look for {}",
        "where is {}?",
        "is there {}?",
        "when do we see {}?",
        "we see {}",
    ),
)
"""Sentences around a phrase."""

_UNKNOWN = """
dog horse cow bird pig sheep lion tiger elephant monkey mouse snake bear wolf rabbit duck chicken frog spider
insect bee turtle shark whale penguin orangutan seabird colony man woman child boy girl baby person people crowd
player dancer singer worker driver teacher doctor police soldier king queen family friend team hand head hair eye
nose mouth arm leg foot finger shirt dress hat shoe coat glove bag watch glasses phone computer keyboard screen
camera television radio lamp table chair sofa bed door kitchen bathroom bottle plate bowl spoon knife fork pan
pancake bread cake cheese egg meat rice soup pizza apple banana lemon grape potato tomato carrot onion salad milk
coffee tea juice beer wine truck bus train plane helicopter bicycle motorcycle tractor ambulance bridge tower
church castle school hospital shop market station airport factory farm garden park zoo stadium mountain river lake
island cliff cave volcano rain storm lightning fire smoke fog rainbow football basketball tennis golf hockey
skateboard surfing skiing swimming pool boxing guitar piano drum violin trumpet book newspaper letter map pencil
paper money coin key hammer saw drill rope ladder engine wheel robot toy doll gun sword flag box gift candle
wedding party concert birthday parade race game lesson meeting interview speech news jump jumping running walking
eating drinking cooking sleeping reading writing talking laughing crying fighting dancing singing playing climbing
throwing catching cutting washing painting building repairing driving riding opening closing falling lying
"""

UNKNOWN: tuple[str, ...] = tuple(_UNKNOWN.split())
"""Words for what the drawn world does not have: so that a question for one of these finds nothing."""

UNKNOWN_FORMS: tuple[str, ...] = (
    *("a {}", "the {}", "a {} and a {}", "{}", "a {} with a {}", "a person with a {}", "{} {}", "a big {}"),
    *("a {} near the {}", "a {} in the {}", "someone is {}", "a {} on a table", "a group of {}", "an old {}"),
)
