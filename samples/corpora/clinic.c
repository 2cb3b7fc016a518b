/* The narrow corpus: a practice's notes. */
#include "corpora/corpus.h"
#include "corpora/facts.h"
#include "corpora/subjects.h"

static const char *const note[] = {
    "{Person}, {age}, reports {symptom} for {duration}. Examination: {finding}. Advised: {advice}.",
    "On {day} {person} came with {symptom}. {He} is {age}. {History}. Plan: {advice}; review {review}.",
    "Complaint: {symptom}. Examination: {finding}. Temperature {temperature}, pulse {pulse}, blood pressure "
    "{pressure}.",
    "{Person} was seen on {day}. Temperature {temperature}, pulse {pulse}, blood pressure {pressure}. {Allergy}.",
    "{Person} has had {symptom} for {duration}, {severity}. Denies trauma. {Allergy}.",
    "Assessment: {symptom}, no alarming signs. Treatment: {advice}. Urgent referral if {warning}.",
    "{Person} asked what to do about {symptom}. Advised: {advice}. {He} should return at once if {warning}.",
    "Follow-up on {day}: {symptom} improved after {advice}. Continue treatment, review {review}.",
    "Follow-up in {month}: {symptom} unchanged after {duration}. Examination: {finding}. Referral to be considered.",
    "Telephone consultation: {person} reports {symptom} for {duration}. Emergency services if {warning}.",
    "Diagnosis uncertain: {symptom} may have several causes. {Person} was reassured, review {review}.",
    "Nursing record, {day}: {person} with {symptom}, {finding}. {Allergy}. Pulse {pulse} regular.",
    "Discharge letter: {person}, {age}, was treated for {symptom}. Instructions: {advice}. Seek help if {warning}.",
    NULL,
};

static const struct kind kinds[] = {
    {.patterns = note, .subjects = &complaint_count, .rounds = 4, .bind = bind_complaint},
};

const struct corpus clinic = {
    .name = "clinic.txt",
    .kinds = kinds,
    .kind_count = sizeof kinds / sizeof *kinds,
    .seed = 3,
};
