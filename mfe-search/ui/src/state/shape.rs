//! In which form results are shown.

/// The form of the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// A grid whose entries open in place.
    #[default]
    Cards,
    /// One line a story.
    Table,
    /// By era, the newest first.
    Timeline,
}

impl View {
    pub(crate) const ALL: [Self; 3] = [Self::Cards, Self::Table, Self::Timeline];

    /// Returns its name in the URL.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::Table => "table",
            Self::Timeline => "timeline",
        }
    }

    /// Returns its name for people.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Cards => "Cards",
            Self::Table => "Table",
            Self::Timeline => "Timeline",
        }
    }

    /// Returns the view of a name; the usual one for any other.
    pub(crate) fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.key() == key).unwrap_or_default()
    }
}

/// How many rows a page of the table has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Size {
    Ten,
    #[default]
    Twenty,
    Fifty,
    /// No pages: rows are fetched as they are scrolled to.
    All,
}

impl Size {
    pub(crate) const ALL: [Self; 4] = [Self::Ten, Self::Twenty, Self::Fifty, Self::All];

    /// Returns its name in the URL.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Ten => "10",
            Self::Twenty => "20",
            Self::Fifty => "50",
            Self::All => "all",
        }
    }

    /// Returns how many results to ask for at once.
    pub(crate) fn rows(self) -> u32 {
        match self {
            Self::Ten => 10,
            Self::Twenty => 20,
            Self::Fifty => 50,
            Self::All => super::MOST,
        }
    }

    /// Returns the size of a name; the usual one for any other.
    pub(crate) fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|size| size.key() == key).unwrap_or_default()
    }
}
