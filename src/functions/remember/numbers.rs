//! Sums and rates over a window, as the editor and the manual show them.

use crate::functions::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "sum",
        signature: "sum(window, by, number)",
        gives: Gives::Number,
        says: "The sum of the numbers that came to this point with this \"by\" within the window, this one included.",
        unknown: "What was not heard is not summed. A \"by\" or a number that is absent: the rule cannot tell.",
        example: Example::new(
            "monitoring.client_stats",
            r#"sum("1h", event.macaddr, event.tx_bytes) > 1000000000"#,
            &[
                (r#"macaddr = "3c:22:fb:00:00:01", tx_bytes = 700000000"#, false),
                (r#"at = "30m", macaddr = "3c:22:fb:00:00:01", tx_bytes = 400000000"#, true),
                (r#"at = "61m", macaddr = "3c:22:fb:00:00:01", tx_bytes = 400000000"#, false),
            ],
        ),
    },
    Function {
        name: "avg",
        signature: "avg(window, by, number)",
        gives: Gives::Number,
        says: "The average of the numbers that came to this point with this \"by\" within the window, this one included.",
        unknown: "If Tocsin was not listening for a while within the window, it cannot tell. Nor can it where \"by\" or the number is absent.",
        example: Example::new(
            "monitoring.device_stats",
            r#"avg("15m", event.device_id, event.cpu_utilization) > 80"#,
            &[
                (r#"device_id = "CN01", cpu_utilization = 70"#, false),
                (r#"at = "5m", device_id = "CN01", cpu_utilization = 88"#, false),
                (r#"at = "10m", device_id = "CN01", cpu_utilization = 94"#, true),
            ],
        ),
    },
    Function {
        name: "min",
        signature: "min(window, by, number)",
        gives: Gives::Number,
        says: "The least of the numbers that came to this point with this \"by\" within the window, this one included. Of two values, min gives the lesser.",
        unknown: "If Tocsin was not listening for a while within the window, it cannot tell, unless it, or the name that let gives it, is only compared with numbers and no lesser one could turn that: min(…) < 5 stays true. Nor can it where \"by\" or the number is absent.",
        example: Example::new(
            "monitoring.device_stats",
            r#"min("10m", event.device_id, event.temperature) >= 60"#,
            &[
                (r#"device_id = "SW01", temperature = 58"#, false),
                (r#"at = "5m", device_id = "SW01", temperature = 63"#, false),
                (r#"at = "11m", device_id = "SW01", temperature = 64"#, true),
            ],
        ),
    },
    Function {
        name: "max",
        signature: "max(window, by, number)",
        gives: Gives::Number,
        says: "The greatest of the numbers that came to this point with this \"by\" within the window, this one included. Of two values, max gives the greater.",
        unknown: "If Tocsin was not listening for a while within the window, it cannot tell, unless it, or the name that let gives it, is only compared with numbers and no greater one could turn that: max(…) > 5 stays true. Nor can it where \"by\" or the number is absent.",
        example: Example::new(
            "presence.rssi",
            r#"max("15m", event.sta_eth_mac, event.rssi_val) < -75"#,
            &[
                (r#"sta_eth_mac = "02:de:70:c5:1a:01", rssi_val = -80"#, true),
                (r#"at = "1m", sta_eth_mac = "02:de:70:c5:1a:01", rssi_val = -60"#, false),
                (r#"at = "17m", sta_eth_mac = "02:de:70:c5:1a:01", rssi_val = -80"#, true),
            ],
        ),
    },
    Function {
        name: "rate",
        signature: "rate(window, by)",
        gives: Gives::Number,
        says: "How many events a second came to this point with this \"by\" within the window, this one included: so many as there were, by all the seconds of the window, also those before Tocsin first listened.",
        unknown: "If Tocsin was not listening for a while within the window, it cannot tell, unless it, or the name that let gives it, is only compared with numbers and more events could not turn that: rate(…) > 0.5 stays true. Nor can it where \"by\" is absent.",
        example: Example::new(
            "security.rogue",
            r#"rate("1m", event.rogue_id) >= 0.05"#,
            &[
                (r#"rogue_id = "d8:07:b6:5e:1c:40""#, false),
                (r#"at = "20s", rogue_id = "d8:07:b6:5e:1c:40""#, false),
                (r#"at = "40s", rogue_id = "d8:07:b6:5e:1c:40""#, true),
            ],
        ),
    },
    Function {
        name: "spike",
        signature: "spike(recent, before, by, factor)",
        gives: Gives::Truth,
        says: "Events come to this point with this \"by\" at least \"factor\" times as often within \"recent\" as in the time \"before\" it. Never true where nothing came before.",
        unknown: "If Tocsin was not listening for a while within either and what it missed could turn the answer, it cannot tell. The time before it first listened is none of it: what came before is measured over as much of it as there is.",
        example: Example::new(
            "security.wids",
            r#"spike("10m", "1h", event.detected_ap, 12)"#,
            &[
                (r#"detected_ap = "CN01""#, false),
                (r#"at = "30m", detected_ap = "CN01""#, false),
                (r#"at = "31m", detected_ap = "CN01""#, true),
            ],
        ),
    },
];
