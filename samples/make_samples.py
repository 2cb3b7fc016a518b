#!/usr/bin/python3
"""Writes the sample tables from the copies in scikit-learn (Debian: python3-sklearn).

    cd samples && ./make_samples.py

Each table gets a header row, its columns in scikit-learn's order and the answer last; numbers are written as short
as they read back the same.
"""
import csv

from sklearn import datasets


def column(name):
    """sepal length (cm) -> sepal_length"""
    return name.split(" (")[0].replace("/", "_").replace(" ", "_")


def number(value):
    return f"{value:.0f}" if value == int(value) else repr(float(value))


def write(path, table, names, target, answers):
    with open(path, "w", newline="", encoding="ascii") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([column(name) for name in names] + [target])
        for row, answer in zip(table.data, answers):
            out.writerow([number(value) for value in row] + [answer])


iris = datasets.load_iris()
write("iris.csv", iris, iris.feature_names, "species", [iris.target_names[k] for k in iris.target])

wine = datasets.load_wine()
write("wine.csv", wine, wine.feature_names, "class", [k + 1 for k in wine.target])

cancer = datasets.load_breast_cancer()
write("breast_cancer.csv", cancer, cancer.feature_names, "diagnosis", [cancer.target_names[k] for k in cancer.target])

digits = datasets.load_digits()
write("digits.csv", digits, [f"p{i}" for i in range(64)], "digit", digits.target)
