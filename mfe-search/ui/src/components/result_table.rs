//! Results as a table.

use std::rc::Rc;

use mfe_search_api::{Hit, Sort};
use shared_ui::{hooks::use_virtual, period};
use yew::prelude::*;

use super::{pager::pager, result_card::story_link};
use crate::{
    found::Found,
    hooks::use_rows,
    tag::tag,
    trail::{trail, use_trail},
    ui::Ui,
};

/// Pixels; `search.css` has the same number.
const ROW: usize = 64;

/// Class, name, the order that it leads to and the other direction of it, if any.
type Column = (&'static str, &'static str, Option<Sort>, Option<Sort>);

const COLUMNS: [Column; 5] = [
    ("search-table__title", "Story", Some(Sort::Title), None),
    ("search-table__client", "Client", Some(Sort::Client), None),
    ("search-table__industry", "Industry", None, None),
    ("search-table__capability", "Capability", None, None),
    ("search-table__when", "When", Some(Sort::Newest), Some(Sort::Oldest)),
];

/// Props of [`ResultTable`].
#[derive(Clone, Debug, Properties)]
pub(super) struct ResultTableProps {
    pub(super) ui: Ui,
    /// The page; the first one where rows are fetched as they are scrolled to.
    pub(super) found: Rc<Found>,
}

impl PartialEq for ResultTableProps {
    fn eq(&self, other: &Self) -> bool {
        self.ui == other.ui && Rc::ptr_eq(&self.found, &other.found)
    }
}

/// A table with headers that sort. Where it has all results, only the rows on the screen are in the page;
/// assistive technology is told how many there are and which these are.
#[component]
pub(super) fn ResultTable(props: &ResultTableProps) -> Html {
    let ResultTableProps { ui, found } = props;
    let body = use_node_ref();
    let endless = ui.state.is_endless();
    let all = if endless { found.total as usize } else { found.hits.len() };
    let visible = use_virtual(&body, all, 64.0);
    let wanted = if endless { visible.clone() } else { 0..0 };
    let rows = use_rows(&ui.state.request(), found, wanted);
    // The host knows the first page already.
    let middle = usize::midpoint(visible.start, visible.end);
    let here = rows.page(middle).filter(|page| endless && !Rc::ptr_eq(page, found));
    use_trail(here.and_then(|page| trail(&ui.state, &page)));

    let before =
        if endless { 0 } else { (ui.state.page - 1).saturating_mul(ui.state.per_page()) as usize };
    let row = |index: usize| {
        let hit = if endless { rows.get(index) } else { found.hits.get(index).cloned() };
        tag("tr", "search-table__row")
            .key(&index.to_string())
            .with("aria-rowindex", &(before + index + 2).to_string())
            .all(hit.map_or_else(coming, |hit| cells(ui, &hit)))
            .end()
    };
    let headers =
        tag("tr", "").set("aria-rowindex", "1").all(COLUMNS.map(|column| header(ui, column)));
    html! {
        <>
            <table class="search-table" aria-labelledby="search-count"
                aria-rowcount={(found.total + 1).to_string()}>
                <thead>{ headers.end() }</thead>
                <tbody ref={body}>
                    { spacer("before", visible.start) }
                    { for visible.clone().map(row) }
                    { spacer("after", all - visible.end) }
                </tbody>
            </table>
            { pager(ui, found.total).filter(|_| !endless).unwrap_or_default() }
        </>
    }
}

/// Keeps the place of `rows` rows that are left out. An attribute, since the site's policy allows no styles
/// in the markup.
fn spacer(key: &'static str, rows: usize) -> Html {
    let cell = tag("td", "").with("height", &(rows * ROW).to_string());
    tag("tr", "").key(key).set("aria-hidden", "true").add(cell.end()).end()
}

fn header(ui: &Ui, (class, label, sort, reverse): Column) -> Html {
    let cell = tag("th", class).set("scope", "col");
    let Some(sort) = sort else {
        return cell.text(label).end();
    };
    let now = ui.state.effective_sort();
    // A second press turns the order round, or takes it back.
    let next = if now == sort { reverse.unwrap_or(Sort::Relevance) } else { sort };
    let (direction, arrow) = match now {
        Sort::Newest if sort == now => ("descending", "↓"),
        _ if now == sort || reverse == Some(now) => ("ascending", "↑"),
        _ => ("none", "↕"),
    };
    let arrow = tag("span", "search-table__arrow").set("aria-hidden", "true").text(arrow);
    let button = ui.button("search-table__sort", ui.state.sorted(next)).text(label);
    cell.set("aria-sort", direction).add(button.add(arrow.end()).end()).end()
}

fn cells(ui: &Ui, hit: &Hit) -> [Html; 5] {
    let [title, client, industry, capability, when] = COLUMNS.map(|(class, ..)| class);
    let link = tag("span", "search-table__clamp").add(story_link(ui, hit));
    let story = tag("th", title).set("scope", "row").add(link.end()).with_text(
        "span",
        "search-table__under",
        &hit.client,
    );
    let cell = |class, text| tag("td", class).with_text("span", "search-table__clamp", text).end();
    [
        story.end(),
        cell(client, &hit.client),
        cell(industry, &hit.industry),
        cell(capability, &hit.capability),
        cell(when, &period(&hit.start, hit.end.as_deref())),
    ]
}

/// The cells of a row that is on its way.
fn coming() -> [Html; 5] {
    COLUMNS.map(|(class, ..)| {
        tag("td", class).with_text("span", "skeleton search-table__coming", "…").end()
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_search_api::Confidence;

    use super::{ResultTable, ResultTableProps};
    use crate::{
        found::{Found, tests::response},
        ui::tests::at,
    };

    async fn table(path: &str, total: u32) -> String {
        let ui = at(path);
        let found = Rc::new(Found::new(&ui.state.ask(), response(total, Confidence::High)));
        let props = ResultTableProps { ui, found };
        yew::LocalServerRenderer::<ResultTable>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_table_says_its_order_and_where_its_rows_are() {
        let html = table("/?q=a&view=table&sort=oldest&page=3", 45).await;
        for part in [
            "aria-rowcount=\"46\"",
            "aria-rowindex=\"42\"",
            "aria-sort=\"ascending\"",
            "href=\"/story/exit-the-mainframe\"",
            "Page 3 of 3",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(html.matches("aria-sort=\"none\"").count(), 2, "{html}");
        let ranked = table("/?q=a&view=table", 1).await;
        assert_eq!(ranked.matches("aria-sort=\"none\"").count(), 3, "{ranked}");
        let listed = table("/?view=table", 1).await;
        assert!(listed.contains("aria-sort=\"descending\""), "{listed}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn of_ten_thousand_rows_a_few_are_rendered_and_the_rest_has_its_place() {
        let html = table("/?view=table&size=all", 10_000).await;
        assert!(html.contains("aria-rowcount=\"10001\""), "{html}");
        assert_eq!(html.matches("search-table__row").count(), 40, "{html}");
        assert!(html.contains(&format!("height=\"{}\"", (10_000 - 40) * 64)), "{html}");
        assert!(!html.contains("Pages of results"), "{html}");
    }
}
