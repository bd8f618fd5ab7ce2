//! Lists of keys, in pages and by folders.

use s3s::dto::{CommonPrefix, ETag, ListObjectsV2Input, ListObjectsV2Output, Object};

use crate::protocol::time;
use crate::store::Store;

pub(crate) fn page(store: &Store, input: ListObjectsV2Input) -> ListObjectsV2Output {
    let prefix = input.prefix.clone().unwrap_or_default();
    let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
    let most = input.max_keys.unwrap_or(1000).clamp(0, 1000) as usize;
    let after = input.continuation_token.or(input.start_after).unwrap_or_default();
    let mut folders: Vec<String> = Vec::new();
    let mut contents: Vec<Object> = Vec::new();
    let (mut last, mut next) = (None, None);
    for (key, object) in store.list(&input.bucket, &prefix) {
        // A token that is a folder stands for everything in it.
        let passed =
            delimiter.as_deref().is_some_and(|delimiter| after.ends_with(delimiter)) && key.starts_with(&after);
        if key <= after || passed {
            continue;
        }
        let below = key.get(prefix.len()..).unwrap_or_default();
        let folder = delimiter.as_deref().and_then(|delimiter| {
            let end = below.find(delimiter)? + delimiter.len();
            Some(format!("{prefix}{}", below.get(..end)?))
        });
        if folder.is_some() && folder.as_ref() == folders.last() {
            continue;
        }
        if contents.len() + folders.len() == most {
            next = last;
            break;
        }
        last = Some(folder.clone().unwrap_or_else(|| key.clone()));
        match folder {
            Some(folder) => folders.push(folder),
            None => contents.push(Object {
                key: Some(key),
                size: Some(object.bytes.len() as i64),
                e_tag: Some(ETag::Strong(object.etag)),
                last_modified: Some(time(object.modified)),
                ..Default::default()
            }),
        }
    }
    let prefixes = folders.into_iter().map(|prefix| CommonPrefix { prefix: Some(prefix) });
    let prefixes: Vec<CommonPrefix> = prefixes.collect();
    ListObjectsV2Output {
        name: Some(input.bucket),
        key_count: Some((contents.len() + prefixes.len()) as i32),
        max_keys: Some(most as i32),
        is_truncated: Some(next.is_some()),
        next_continuation_token: next,
        contents: Some(contents),
        common_prefixes: Some(prefixes),
        prefix: input.prefix,
        delimiter: input.delimiter,
        ..Default::default()
    }
}
