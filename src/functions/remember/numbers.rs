//! Sums and rates over a window, as the editor and the manual show them.

use crate::functions::Function;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "sum",
        signature: "sum(window, by, number)",
        says: "The sum of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "sum(\"1h\", event.macaddr, event.tx_bytes) > 1000000000",
    },
    Function {
        name: "avg",
        signature: "avg(window, by, number)",
        says: "The average of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "avg(\"15m\", event.sta_eth_mac, event.rssi_val) > -50",
    },
    Function {
        name: "min",
        signature: "min(window, by, number)",
        says: "The least of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "min(\"15m\", event.sta_eth_mac, event.rssi_val) > -60",
    },
    Function {
        name: "max",
        signature: "max(window, by, number)",
        says: "The greatest of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "max(\"15m\", event.sta_eth_mac, event.rssi_val) > -40",
    },
    Function {
        name: "rate",
        signature: "rate(window, by)",
        says: "How many events a second came to this point with this \"by\" within the window, this one included.",
        example: "rate(\"1m\", event.rogue_id) > 0.5",
    },
    Function {
        name: "spike",
        signature: "spike(recent, before, by, factor)",
        says: "Events come to this point with this \"by\" at least \"factor\" times as often as in the time before. \
               Never true where nothing came before.",
        example: "spike(\"10m\", \"2h\", event.rogue_id, 3)",
    },
];
