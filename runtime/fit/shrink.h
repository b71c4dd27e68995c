#pragma once

#include <span>

namespace nurture::fit {

/// A rate of its own, as sure as one of `weight` independent draws, and what it is drawn to.
struct Member {
  double rate = 0;
  double weight = 0;
  double mean = 0;
};

/// How alike the members are: the α + β of the beta distributions around their means from which the members' true rates
/// are drawn, by maximum likelihood of the beta-binomial (empirical Bayes). It counts like so many draws at the mean.
/// Infinite where they differ no more than chance explains; 0 where there are less than two members, who say nothing of
/// it.
double likeness_of(std::span<const Member> members);

/// The member's rate drawn to its mean, as by so many draws.
double drawn(const Member& member, double likeness);

}  // namespace nurture::fit
