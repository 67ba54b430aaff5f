POINTS = "anonymous nobody deactivated staff worker other_worker partner other_partner former_partner parent other_parent trainer other_trainer administrator".split()
