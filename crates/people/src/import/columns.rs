//! Which column of a file is which, by its Chinese or English name, in any order.

use super::{Notes, RollTable};

/// A column that the importer knows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in messages and in the template: the first Chinese name.
    pub name: &'static str,
    /// Every name it goes by: lower case, without blanks and without what stands in brackets.
    pub names: &'static [&'static str],
    /// Whether a file must have it.
    pub is_required: bool,
}

const fn column(names: &'static [&'static str], is_required: bool) -> Column {
    let name = match names {
        [first, ..] => first,
        [] => "",
    };
    Column {
        name,
        names,
        is_required,
    }
}

/// The columns of the units' table, in the template's order.
pub const UNIT_COLUMNS: &[Column] = &[
    column(
        &["楼栋", "building", "幢", "楼幢", "楼号", "栋号", "幢号"],
        true,
    ),
    column(&["房号", "unit", "室号", "户室", "房屋", "房间号"], true),
    column(
        &[
            "专有面积",
            "area_m2",
            "area",
            "exclusive_area",
            "专有部分面积",
            "面积",
            "建筑面积",
        ],
        true,
    ),
    column(&["面积依据", "area_source", "面积来源"], false),
    column(&["用途", "use", "unit_use", "房屋用途"], false),
    column(
        &["业主", "owner", "owners", "业主姓名", "产权人", "所有权人"],
        true,
    ),
    column(
        &[
            "证件号",
            "id_number",
            "证件号码",
            "身份证号",
            "身份证号码",
            "身份证",
        ],
        false,
    ),
    column(
        &["手机", "phone", "手机号", "手机号码", "电话", "联系电话"],
        false,
    ),
    column(&["业主类型", "owner_kind", "类型"], false),
];

/// The columns of the residents' table, in the template's order.
pub const RESIDENT_COLUMNS: &[Column] = &[
    column(
        &["楼栋", "building", "幢", "楼幢", "楼号", "栋号", "幢号"],
        true,
    ),
    column(&["房号", "unit", "室号", "户室", "房屋", "房间号"], true),
    column(&["姓名", "name", "居民", "居民姓名"], true),
    column(
        &["手机", "phone", "手机号", "手机号码", "电话", "联系电话"],
        false,
    ),
    column(&["出生年", "birth_year", "出生年份"], false),
    column(&["关系", "relation", "与业主关系", "与户主关系"], false),
];

/// Where the known columns stand in a file.
pub(super) struct Places(Vec<Option<usize>>);

impl Places {
    /// Finds the columns; reports those that are missing or there twice, with the names that the file has.
    pub(super) fn find(
        table: &RollTable,
        columns: &[Column],
        at: &str,
        notes: &mut Notes,
    ) -> Option<Self> {
        let header: Vec<String> = table.header.iter().map(|name| plain(name)).collect();
        let mut is_complete = true;
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let mut found = header
                .iter()
                .enumerate()
                .filter(|(_, name)| column.names.contains(&name.as_str()))
                .map(|(place, _)| place);
            let place = found.next();
            if place.is_none() && column.is_required {
                let seen = table.header.join(" | ");
                notes.fault(
                    at,
                    "people-import-column-missing",
                    &[("column", &column.name), ("seen", &seen)],
                );
                is_complete = false;
            }
            if found.next().is_some() {
                notes.fault(
                    at,
                    "people-import-column-twice",
                    &[("column", &column.name)],
                );
                is_complete = false;
            }
            places.push(place);
        }
        is_complete.then_some(Self(places))
    }

    /// The cell of the `column`-th known column, trimmed; blank where the file has no such column or cell.
    pub(super) fn cell<'r>(&self, row: &'r [String], column: usize) -> &'r str {
        self.0
            .get(column)
            .copied()
            .flatten()
            .and_then(|place| row.get(place))
            .map_or("", |cell| cell.trim())
    }
}

/// A column's name without case, blanks, a byte order mark, and without a remark in brackets such as `(㎡)`.
fn plain(name: &str) -> String {
    name.split(['(', '（', '[', '【'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '*' | '＊'))
        .flat_map(char::to_lowercase)
        .collect()
}
