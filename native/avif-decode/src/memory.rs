//! Picture memory: zeroed, aligned and counted against a limit; failures are reported.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rav1d::Dav1dResult;
use rav1d::include::dav1d::headers::{DAV1D_PIXEL_LAYOUT_I400, DAV1D_PIXEL_LAYOUT_I420, DAV1D_PIXEL_LAYOUT_I444};
use rav1d::include::dav1d::picture::{DAV1D_PICTURE_ALIGNMENT, Dav1dPicAllocator, Dav1dPicture};
use rav1d::src::send_sync_non_null::SendSyncNonNull;

/// The account of one decoder's pictures.
pub(crate) struct Memory {
    limit: u64,
    used: AtomicU64,
}

impl Memory {
    pub(crate) fn new(limit: u64) -> Self {
        Memory {
            limit,
            used: AtomicU64::new(0),
        }
    }

    fn book(&self, bytes: u64) -> bool {
        let before = self.used.fetch_add(bytes, Ordering::Relaxed);
        let fits = before.checked_add(bytes).is_some_and(|used| used <= self.limit);
        if !fits {
            self.release(bytes);
        }
        fits
    }

    fn release(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Kept with a picture's allocation: its layout, and the account to return it to. A worker thread may release a picture
/// after the decoder was closed, so each picture holds the account itself.
struct Allocation {
    layout: Layout,
    memory: Arc<Memory>,
}

/// The allocator for a decoder. Whoever holds the decoder must hold `memory` too.
pub(crate) fn allocator(memory: &Arc<Memory>) -> Dav1dPicAllocator {
    Dav1dPicAllocator {
        cookie: NonNull::new(Arc::as_ptr(memory).cast_mut())
            // SAFETY: `Memory` contains numbers that any thread may read and change.
            .map(|pointer| unsafe { SendSyncNonNull::new_unchecked(pointer) }.cast()),
        alloc_picture_callback: Some(allocate),
        release_picture_callback: Some(release),
    }
}

/// Where the planes of a picture are in its allocation, in bytes.
struct Plan {
    luma_stride: usize,
    chroma_stride: usize,
    luma: usize,
    chroma: usize,
}

impl Plan {
    /// dav1d requires both sides to be multiples of 128 pixels, and some slack after each plane. With a stride that is
    /// a multiple of 1,024, the rows of a block would share a cache set, so such a stride is made longer.
    fn new(picture: &Dav1dPicture) -> Option<Self> {
        let width = usize::try_from(picture.p.w).ok()?.checked_next_multiple_of(128)?;
        let height = usize::try_from(picture.p.h).ok()?.checked_next_multiple_of(128)?;
        let sample = if picture.p.bpc > 8 { 2 } else { 1 };
        let layout = picture.p.layout;
        let stride = |columns: usize| {
            let bytes = columns.checked_mul(sample)?;
            Some(if bytes % 1024 == 0 {
                bytes + DAV1D_PICTURE_ALIGNMENT
            } else {
                bytes
            })
        };
        let luma_stride = stride(width)?;
        let chroma_stride = match layout {
            DAV1D_PIXEL_LAYOUT_I400 => 0,
            DAV1D_PIXEL_LAYOUT_I444 => stride(width)?,
            _ => stride(width / 2)?,
        };
        let chroma_height = if layout == DAV1D_PIXEL_LAYOUT_I420 {
            height / 2
        } else {
            height
        };
        Some(Plan {
            luma_stride,
            chroma_stride,
            luma: luma_stride.checked_mul(height)?,
            chroma: chroma_stride.checked_mul(chroma_height)?,
        })
    }

    fn layout(&self) -> Option<Layout> {
        let bytes = self.chroma.checked_mul(2)?.checked_add(self.luma)?;
        let bytes = bytes.checked_add(DAV1D_PICTURE_ALIGNMENT)?;
        Layout::from_size_align(bytes, DAV1D_PICTURE_ALIGNMENT).ok()
    }
}

const NO_MEMORY: Dav1dResult = Dav1dResult(-libc::ENOMEM);

/// # Safety
///
/// `picture` must be valid for reads and writes, and `cookie` must be that of [`allocator`], with its `Memory` alive.
/// This holds because only calls to the decoder allocate pictures, and its owner holds the `Memory`.
unsafe extern "C" fn allocate(picture: *mut Dav1dPicture, cookie: Option<SendSyncNonNull<c_void>>) -> Dav1dResult {
    let Some(cookie) = cookie.map(|cookie| cookie.cast::<Memory>()) else {
        return NO_MEMORY;
    };
    let memory = cookie.as_ptr().as_ptr().cast_const();
    // SAFETY: the cookie is the pointer that `allocator` made from an `Arc` that is still alive.
    unsafe { Arc::increment_strong_count(memory) };
    // SAFETY: takes over the count that was added above.
    let memory = unsafe { Arc::from_raw(memory) };
    // SAFETY: the caller vouches for the picture.
    let picture = unsafe { &mut *picture };
    let Some(plan) = Plan::new(picture) else {
        return NO_MEMORY;
    };
    let Some(layout) = plan.layout() else { return NO_MEMORY };
    if plan.luma == 0 || !memory.book(layout.size() as u64) {
        return NO_MEMORY;
    }
    // SAFETY: the layout's size is not zero.
    let Some(start) = NonNull::new(unsafe { alloc_zeroed(layout) }) else {
        memory.release(layout.size() as u64);
        return NO_MEMORY;
    };
    // SAFETY: all offsets are within the allocation of `luma + 2 × chroma + slack` bytes.
    let plane = |offset: usize| unsafe { start.add(offset) }.cast::<c_void>();
    let has_chroma = plan.chroma != 0;
    picture.data = [
        Some(start.cast()),
        has_chroma.then(|| plane(plan.luma)),
        has_chroma.then(|| plane(plan.luma + plan.chroma)),
    ];
    picture.stride = [plan.luma_stride as isize, plan.chroma_stride as isize];
    picture.allocator_data = Some(SendSyncNonNull::from_box(Box::new(Allocation { layout, memory })).cast());
    Dav1dResult(0)
}

/// # Safety
///
/// `picture` must have the data and the allocator's data of a picture that [`allocate`] filled, and be released only
/// once.
unsafe extern "C" fn release(picture: *mut Dav1dPicture, _cookie: Option<SendSyncNonNull<c_void>>) {
    // SAFETY: the caller vouches for the picture.
    let picture = unsafe { &mut *picture };
    let (Some(start), Some(data)) = (picture.data[0], picture.allocator_data) else {
        return;
    };
    // SAFETY: `allocate` made it from a box of this type, and a picture is released once.
    let allocation = unsafe { data.cast::<Allocation>().into_box() };
    // SAFETY: `start` comes from `alloc_zeroed` with this very layout.
    unsafe { dealloc(start.as_ptr().cast(), allocation.layout) };
    allocation.memory.release(allocation.layout.size() as u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_booked_and_given_back() {
        let memory = Arc::new(Memory::new(200_000));
        let allocator = allocator(&memory);
        let mut picture = Dav1dPicture::default();
        picture.p.w = 300;
        picture.p.h = 200;
        picture.p.bpc = 10;
        picture.p.layout = DAV1D_PIXEL_LAYOUT_I420;
        // SAFETY: picture and cookie are alive.
        assert_eq!(unsafe { allocate(&mut picture, allocator.cookie) }, NO_MEMORY);
        assert_eq!(memory.used.load(Ordering::Relaxed), 0);
        picture.p.bpc = 8;
        // SAFETY: as above.
        assert_eq!(unsafe { allocate(&mut picture, allocator.cookie) }, Dav1dResult(0));
        assert_eq!(memory.used.load(Ordering::Relaxed), 384 * 256 * 3 / 2 + 64);
        // SAFETY: the picture was filled by `allocate`, and is released once.
        unsafe { release(&mut picture, allocator.cookie) };
        assert_eq!(memory.used.load(Ordering::Relaxed), 0);
    }
}
