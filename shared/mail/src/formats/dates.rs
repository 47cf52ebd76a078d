//! Civil dates, and times of day in the zone that they are given in.

use jiff::{
    Zoned,
    civil::{Date, Time},
};

use crate::locale::Locale;

#[rustfmt::skip] // a table
const MONTHS: [(Locale, [&str; 12]); 4] = [
    (Locale::En, ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]),
    (Locale::De, ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]),
    (Locale::Fr, ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]),
    (Locale::Es, ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"]),
];

/// `November 23, 2026`
pub(crate) fn date(locale: Locale, date: Date) -> String {
    let (year, month, day) = (date.year(), month(locale, date), date.day());
    match locale {
        Locale::En => format!("{month} {day}, {year}"),
        Locale::De => format!("{day}. {month} {year}"),
        Locale::Fr if day == 1 => format!("1er {month} {year}"),
        Locale::Fr => format!("{day} {month} {year}"),
        Locale::Es => format!("{day} de {month} de {year}"),
        Locale::Ja | Locale::Zh => format!("{year}年{}月{day}日", date.month()),
    }
}

/// `November 23, 2026, 14:05 (CET)`
pub(crate) fn moment(locale: Locale, moment: &Zoned) -> String {
    let day = date(locale, moment.date());
    let time = clock(moment.time());
    let zone = moment.strftime("%Z");
    match locale {
        Locale::En | Locale::Es => format!("{day}, {time} ({zone})"),
        Locale::De => format!("{day}, {time} Uhr ({zone})"),
        Locale::Fr => format!("{day} à {time} ({zone})"),
        Locale::Ja | Locale::Zh => format!("{day} {time}（{zone}）"),
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn month(locale: Locale, date: Date) -> &'static str {
    let names = MONTHS.iter().find(|(known, _)| *known == locale).map(|(_, names)| names);
    let position = usize::from(date.month().unsigned_abs()) - 1;
    names.and_then(|names| names.get(position)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil, tz::TimeZone};

    use super::*;

    #[test]
    fn a_date_is_written_as_each_language_does() {
        assert_eq!(
            Locale::ALL.map(|locale| date(locale, civil::date(2026, 3, 1))),
            ["March 1, 2026", "1. März 2026", "1er mars 2026", "1 de marzo de 2026", "2026年3月1日", "2026年3月1日"]
        );
        assert_eq!(
            Locale::ALL.map(|locale| date(locale, civil::date(2026, 12, 31))),
            [
                "December 31, 2026",
                "31. Dezember 2026",
                "31 décembre 2026",
                "31 de diciembre de 2026",
                "2026年12月31日",
                "2026年12月31日"
            ]
        );
    }

    #[test]
    fn a_time_of_day_names_its_zone() {
        let at: Timestamp = "2026-11-23T13:05:59Z".parse().unwrap();
        let at = at.to_zoned(TimeZone::get("Europe/Berlin").unwrap());
        assert_eq!(
            Locale::ALL.map(|locale| moment(locale, &at)),
            [
                "November 23, 2026, 14:05 (CET)",
                "23. November 2026, 14:05 Uhr (CET)",
                "23 novembre 2026 à 14:05 (CET)",
                "23 de noviembre de 2026, 14:05 (CET)",
                "2026年11月23日 14:05（CET）",
                "2026年11月23日 14:05（CET）"
            ]
        );
    }
}
