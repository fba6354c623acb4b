//! A mixer may run in the callback of a sound card, where memory is neither allocated nor freed.
//! The allocator of this test program counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use metapython_engine::audio::{
    BusId, Clip, Command, Course, Delay, Effects, Envelope, Glide, LowPass, MAX_VOICES, Mixer,
    Reverb, SampleRing, SourceStart, VoiceId, VoiceStart, Waveform,
};

thread_local! {
    /// How often this thread has asked the allocator for something.
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes on to the system's allocator with what it was given; counting neither
// allocates nor unwinds, as the counter is a constant-initialized `Cell` without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.set(CALLS.get() + 1);
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        CALLS.set(CALLS.get() + 1);
        // SAFETY: as above; `pointer` came from `System`, the only source of memory here.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Far more voices than fit, of every kind, changed, stopped, stolen and ended while a second is
/// rendered: not one call of the allocator.
#[test]
fn rendering_neither_allocates_nor_frees() {
    let clip = Arc::new(Clip::from_samples(vec![[0.1, -0.1]; 700]).unwrap());
    let mut commands = Vec::new();
    for number in 0..6 * MAX_VOICES as u64 {
        let source = if number % 2 == 0 {
            SourceStart::Clip { clip: Arc::clone(&clip), looped: number % 3 == 0, position: 0 }
        } else {
            let waveform = if number % 3 == 0 { Waveform::Noise } else { Waveform::Square };
            SourceStart::Tone {
                waveform,
                frequency_hz: 300.0,
                course: Course::new(Envelope::default(), Some(9_000)),
                elapsed_samples: 0,
                seed: number,
            }
        };
        let voice = VoiceId::from_number(number);
        let bus = BusId::from_index((number % 3) as u8);
        let volume = Glide::at(0.1);
        let start =
            VoiceStart { bus, volume, pan: 0.2, pitch: 1.1, ..VoiceStart::new(voice, source) };
        commands.push((number * 50, Command::Start(start)));
        commands.push((number * 53, Command::SetVolume { voice, volume: 0.2, samples: 0 }));
        commands.push((number * 57, Command::SetPitch(voice, 0.7)));
        commands.push((number * 61, Command::Release(voice)));
        commands.push((number * 70 + 900, Command::Stop { voice, samples: 480 }));
    }
    let effects = Effects {
        low_pass: Some(LowPass::default()),
        delay: Some(Delay::default()),
        reverb: Some(Reverb::default()),
    };
    let heard = Arc::new(SampleRing::new(1_000));
    commands.push((5, Command::Listen(Arc::clone(&heard))));
    commands.push((7, Command::SetEffects(BusId::from_index(1), effects)));
    commands.push((20_000, Command::SetEffects(BusId::from_index(1), Effects::default())));
    commands.push((30_000, Command::SetEffects(BusId::from_index(1), effects)));
    let mut mixer = Mixer::new(48_000);
    let mut block = [[0.0; 2]; 1_000];
    let mut heard = 0.0_f32;

    let before = CALLS.get();
    assert!(commands.len() < 4_096);
    for (at, command) in commands.drain(..) {
        assert!(mixer.push(at, command).is_ok());
    }
    for _ in 0..48 {
        mixer.render(&mut block);
        heard = heard.max(block[999][0].abs());
    }
    let calls = CALLS.get() - before;

    assert_eq!(calls, 0);
    assert!(heard > 0.5, "{heard}");
    drop(mixer);
    assert_eq!(Arc::strong_count(&clip), 1, "no voice outlives the mixer");
}
