//! The allocator for Linux.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;

use libc::{MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, MREMAP_MAYMOVE, PROT_READ, PROT_WRITE, mmap, mremap, munmap};

/// The size in bytes from which a buffer gets its own mapping, which is glibc's initial threshold too. A mapping costs
/// two system calls and a fault for each page, in all about 3 % of the time for a thumbnail.
pub const LARGE: usize = 128 << 10;

/// The smallest page size on Linux; mappings are aligned to at least this.
const PAGE: usize = 4096;

/// Mappings for large buffers, the system's allocator for the others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mapping;

// SAFETY: each block returns to where it came from, because `is_large` depends only on the layout, and callers pass the
// layout they allocated with. A mapping is at least as long as the layout, page-aligned, and not shared.
unsafe impl GlobalAlloc for Mapping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_large(layout) {
            map(layout.size())
        } else {
            // SAFETY: as the caller promises; System has the same contract.
            unsafe { System.alloc(layout) }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_large(layout) {
            map(layout.size()) // comes zeroed
        } else {
            // SAFETY: as above.
            unsafe { System.alloc_zeroed(layout) }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_large(layout) {
            // SAFETY: `block` is a mapping of this length, made by `map` or `remap`, and no longer used.
            unsafe { munmap(block.cast(), layout.size()) };
        } else {
            // SAFETY: as above.
            unsafe { System.dealloc(block, layout) }
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `size`, rounded up to the alignment, does not overflow `isize`.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (is_large(layout), is_large(wanted)) {
            // SAFETY: as above.
            (false, false) => unsafe { System.realloc(block, layout, size) },
            // SAFETY: `block` is a mapping of this length, and the caller uses only the result.
            (true, true) => unsafe { remap(block, layout.size(), size) },
            // SAFETY: `block` has `layout`, the new one has `wanted`; they don't overlap, and both have at least the
            // shorter length.
            _ => unsafe {
                let new = self.alloc(wanted);
                if !new.is_null() {
                    ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                    self.dealloc(block, layout);
                }
                new
            },
        }
    }
}

fn is_large(layout: Layout) -> bool {
    layout.size() >= LARGE && layout.align() <= PAGE
}

/// A mapping of zeros, or null. The system rounds lengths up to whole pages, as `munmap` and `mremap` do too.
fn map(size: usize) -> *mut u8 {
    // SAFETY: a new anonymous mapping touches no existing memory.
    let mapping = unsafe {
        mmap(
            ptr::null_mut(),
            size,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    or_null(mapping)
}

/// Moves the pages, without copying bytes.
///
/// # Safety
///
/// `block` is a mapping of `from` bytes, and is not used again if this succeeds.
unsafe fn remap(block: *mut u8, from: usize, to: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    or_null(unsafe { mremap(block.cast(), from, to, MREMAP_MAYMOVE) })
}

fn or_null(mapping: *mut libc::c_void) -> *mut u8 {
    if mapping == MAP_FAILED {
        ptr::null_mut()
    } else {
        mapping.cast()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: Mapping = Mapping;

    #[test]
    fn buffers_keep_their_content_across_the_border() {
        let mut bytes: Vec<u8> = Vec::new();
        for n in 0..5 * LARGE {
            bytes.push(n as u8); // grows from the system's memory into mappings, and from one mapping to the next
        }
        assert!(bytes.iter().enumerate().all(|(n, byte)| *byte == n as u8));
        bytes.truncate(LARGE + 5000);
        bytes.shrink_to_fit();
        assert!(bytes.iter().enumerate().all(|(n, byte)| *byte == n as u8));
        bytes.truncate(100);
        bytes.shrink_to_fit();
        assert!(bytes.iter().enumerate().all(|(n, byte)| *byte == n as u8));
    }

    #[test]
    fn zeroed_buffers_are_zero_at_every_size() {
        for size in [1, LARGE - 1, LARGE, LARGE + 1, 3 * LARGE + 17] {
            let mut bytes = vec![0u8; size];
            assert!(bytes.iter().all(|byte| *byte == 0), "{size}");
            bytes.fill(255);
        }
    }

    #[test]
    fn alignments_are_kept() {
        for align in [1, 64, PAGE, 4 * PAGE] {
            let layout = Layout::from_size_align(2 * LARGE, align).unwrap();
            // SAFETY: the layout has a size, and the block is given back with it.
            unsafe {
                let block = Mapping.alloc(layout);
                assert!(!block.is_null() && block.addr().is_multiple_of(align), "{align}");
                block.add(layout.size() - 1).write(1);
                Mapping.dealloc(block, layout);
            }
        }
    }

    #[test]
    fn what_can_not_be_had_is_refused() {
        let mut bytes: Vec<u8> = Vec::new();
        assert!(bytes.try_reserve_exact(1 << 46).is_err());
        bytes.resize(2 * LARGE, 7);
        assert!(bytes.try_reserve_exact(1 << 46).is_err());
        assert!(bytes.iter().all(|byte| *byte == 7));
    }

    #[test]
    fn large_buffers_go_back_at_once() {
        let resident = || -> usize {
            let status = std::fs::read_to_string("/proc/self/statm").unwrap();
            status.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * PAGE
        };
        let before = resident();
        let held: Vec<Vec<u8>> = (0..64).map(|n| vec![n; 1 << 20]).collect();
        assert!(resident() > before + (60 << 20));
        drop(held);
        assert!(resident() < before + (8 << 20));
    }
}
